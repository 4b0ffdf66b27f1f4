/// A function of the language, of one number of values: the receiver of a method is the first of them.
struct Function: Sendable {
  enum Style: Sendable {
    /// `size(x)`; the name may have a namespace, as `math.abs`.
    case global
    /// `x.trim()`.
    case method
    case both
  }

  enum Body: Sendable {
    case one(@Sendable (Value, inout Budget) throws(ValueError) -> Value)
    case two(@Sendable (Value, Value, inout Budget) throws(ValueError) -> Value)
    case many(@Sendable ([Value], inout Budget) throws(ValueError) -> Value)
  }

  let name: String
  let style: Style
  /// How many values it takes, the receiver included.
  let arity: ClosedRange<Int>
  let body: Body

  init(
    _ name: String, _ style: Style = .method,
    one: @escaping @Sendable (Value, inout Budget) throws(ValueError) -> Value
  ) {
    self.init(name, style, 1...1, .one(one))
  }

  init(
    _ name: String, _ style: Style = .method,
    two: @escaping @Sendable (Value, Value, inout Budget) throws(ValueError) -> Value
  ) {
    self.init(name, style, 2...2, .two(two))
  }

  init(
    _ name: String, _ style: Style = .method, _ arity: ClosedRange<Int>,
    many: @escaping @Sendable ([Value], inout Budget) throws(ValueError) -> Value
  ) {
    self.init(name, style, arity, .many(many))
  }

  private init(_ name: String, _ style: Style, _ arity: ClosedRange<Int>, _ body: Body) {
    self.name = name
    self.style = style
    self.arity = arity
    self.body = body
  }
}

/// Every function by name: what expressions are compiled against and what is suggested for a misspelt one.
enum FunctionTable {
  /// The functions of a name, of which one at most takes a given number of values; empty for an unknown name.
  static func named(_ name: String, isMethod: Bool) -> [Function] {
    (isMethod ? methods : globals)[name] ?? []
  }

  /// Names for suggestions.
  static func names(isMethod: Bool) -> [String] { (isMethod ? methods : globals).keys.sorted() }

  /// The first words of names that have a namespace.
  static let namespaces = Set(
    globals.keys.compactMap { $0.split(separator: ".").dropLast().first.map(String.init) })

  static let all: [Function] =
    Functions.conversions + Functions.strings + Functions.stringSearch + Functions.math + Functions.bits
    + Functions.lists + Functions.sets + Functions.times + Functions.optionals

  /// The transform that a call may mean where CEL has no function for it.
  static func transform(_ name: String) -> Transform? {
    guard let transform = Transforms.named(name), transform.isFunction else { return nil }
    return transform
  }

  static let transformNames = Transforms.all.filter(\.isFunction).map(\.name)

  private static let globals = Dictionary(grouping: all.filter { $0.style != .method }, by: \.name)
  private static let methods = Dictionary(grouping: all.filter { $0.style != .global }, by: \.name)
}

extension Transform {
  func check(count: Int) throws(TransformError) {
    let required = parameters.count { if case .refused = $0.absence { true } else { false } }
    let isVariadic = parameters.last?.isVariadic == true
    guard count >= required, isVariadic || count <= parameters.count else {
      throw TransformError("takes \(arity), not \(count)")
    }
  }
}

/// The functions, in one list a file.
enum Functions {}

extension Value {
  func asString() throws(ValueError) -> String {
    guard case .string(let text) = self else { throw ValueError.mismatch("a string", self) }
    return text
  }

  func asInt() throws(ValueError) -> Int64 {
    guard case .int(let number) = number else { throw ValueError.mismatch("an int", self) }
    return number
  }

  func asList() throws(ValueError) -> [Value] {
    guard let elements else { throw ValueError.mismatch("a list", self) }
    return elements
  }
}
