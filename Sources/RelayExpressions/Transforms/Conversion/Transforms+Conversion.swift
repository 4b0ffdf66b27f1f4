internal import RelayDocuments

extension Transforms {
  /// Rows 20 to 25: from one type to another.
  static let conversion: [Transform] = [
    Transform(
      20, "string", "As text; an object or a list as JSON, null and missing as the empty text.",
      seesMissing: true, string),
    Transform(
      21, "number", "A number from text.", [.optional("format", .choice(NumberFormat.names))], number),
    Transform(
      22, "integer", "A whole number of 64 bits.",
      [.optional("mode", .choice(["exact", "trunc", "round", "floor", "ceil"]), "exact")], integer),
    Transform(23, "boolean", "true or false from true, false, 1, 0, yes, no, on, off.", boolean),
    Transform(
      24, "array", "A list: one of a single element where the value is none, an empty one for null.",
      seesMissing: true, array),
    Transform(
      25, "json", "JSON text read, or any other value written as JSON text.",
      [.optional("mode", .choice(["auto", "parse", "stringify"]), "auto")], seesMissing: true, json),
  ]

  @Sendable private static func string(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let value = input.value, value != .null else { return "" }
    return .string(value.scalarText ?? value.text)
  }

  @Sendable private static func number(_ input: TransformInput) throws(TransformError) -> JSON? {
    let format = input.argument(0)?.string.flatMap { NumberFormat(named: $0) }
    switch input.value {
    case .number?: return input.value
    case .string(let text)?: return try NumberText.read(text, format).json
    default: throw input.wants("a string or a number")
    }
  }

  @Sendable private static func integer(_ input: TransformInput) throws(TransformError) -> JSON? {
    let decimal =
      switch input.value {
      case .number?: try input.decimal()
      case .string(let text)?: try NumberText.read(text, nil)
      default: throw input.wants("a number or a string")
      }
    let mode: RoundingMode =
      switch input.text(0) {
      case "floor": .floor
      case "ceil": .ceil
      case "round": .halfEven
      default: .towardZero
      }
    let whole = try decimal.rounded(places: 0, mode)
    if input.text(0) == "exact", whole != decimal { throw TransformError("the number has a fraction") }
    guard let value = whole.int64 else { throw TransformError("the number does not fit in 64 bits") }
    return .number(JSONNumber(text: String(value)))
  }

  @Sendable private static func boolean(_ input: TransformInput) throws(TransformError) -> JSON? {
    switch input.value {
    case .bool?: return input.value
    case .number?:
      let number = try input.decimal()
      guard number == .zero || number == .one else { throw TransformError("neither 0 nor 1") }
      return .bool(number == .one)
    case .string(let text)?:
      switch text.lowercased() {
      case "true", "1", "yes", "on": return true
      case "false", "0", "no", "off": return false
      default: throw TransformError("none of true, false, 1, 0, yes, no, on, off")
      }
    default: throw input.wants("a bool, a string or a number")
    }
  }

  @Sendable private static func array(_ input: TransformInput) throws(TransformError) -> JSON? {
    switch input.value {
    case .array?: input.value
    case nil, .null?: []
    case let value?: [value]
    }
  }

  @Sendable private static func json(_ input: TransformInput) throws(TransformError) -> JSON? {
    if case .string(let text)? = input.value, input.text(0) != "stringify" {
      do {
        return try JSON.parse(text: text, maxDepth: 64)
      } catch {
        throw TransformError("no JSON: \(error.description)")
      }
    }
    guard input.text(0) != "parse" else { throw input.wants("a string") }
    let value = input.value ?? .null
    guard value.isNested(atMost: 64) else { throw TransformError("nested deeper than 64") }
    return .string(value.text)
  }
}

extension JSON {
  /// The text of a string, a number (`1.0` as `1`) or a bool; nil for null, lists and objects.
  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    case .number(let number): Decimal(self)?.text ?? number.text
    case .null, .array, .object: nil
    }
  }

  /// Whether lists and objects stand in each other no deeper than so.
  func isNested(atMost depth: Int) -> Bool {
    switch self {
    case .null, .bool, .number, .string: true
    case .array(let elements): depth > 0 && elements.allSatisfy { $0.isNested(atMost: depth - 1) }
    case .object(let object): depth > 0 && object.members.allSatisfy { $0.value.isNested(atMost: depth - 1) }
    }
  }
}
