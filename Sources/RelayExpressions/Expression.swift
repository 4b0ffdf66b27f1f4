/// A CEL expression, read and compiled once and evaluated as often as needed. Evaluation has no effect,
/// sees nothing but its scope, and is bounded in cost, depth and memory.
package struct Expression: Sendable {
  /// The longest expression, in bytes.
  package static let maxBytes = 32_768

  /// As written, or the template that holds it.
  package let source: String
  /// What is wrong in the text beyond its grammar: unknown functions, wrong numbers of arguments, broken
  /// patterns. Where documents are loaded, each of them refuses the document; evaluation meets one only
  /// where it gets there, so that `f() || true` is true.
  package let problems: [ExpressionError]
  let root: Node
  private let code: any Code
  private let places: Int

  /// Reads the whole of `source` as one expression; throws what breaks the grammar.
  package init(parsing source: String) throws(ExpressionError) {
    let bytes = Array(source.utf8)
    guard bytes.count <= Self.maxBytes else {
      throw ExpressionError("longer than \(Self.maxBytes) bytes", in: source, at: 0)
    }
    var parser = try Parser(source, bytes: bytes)
    let root = try parser.expression()
    guard parser.token.kind == .end else {
      throw parser.failure(
        "expected an operator or the end, found \(parser.token.shown)", at: parser.token.offset)
    }
    self.init(source: source, root: root)
  }

  /// Reads the whole of `source` as one expression; throws also the first of `problems`.
  package init(checking source: String) throws(ExpressionError) {
    try self.init(parsing: source)
    if let problem = problems.first { throw problem }
  }

  init(source: String, root: Node) {
    self.source = source
    self.root = root
    var compiler = Compiler()
    code = compiler.code(root)
    places = compiler.places
    problems = compiler.problems.map { ExpressionError($0, in: source) }
  }

  /// The names of CEL's functions, with their namespaces; transforms and macros are not among them.
  package static let functionNames: [String] =
    Set(FunctionTable.all.map(\.name)).sorted() + ["or", "orValue"]

  /// The value within `scope`. An error says where in the expression and what was found there.
  package func evaluate(in scope: some Scope) throws(ExpressionError) -> Value {
    var frame = Frame(scope, locals: places)
    do throws(Fault) {
      return try code.value(&frame)
    } catch {
      throw ExpressionError(error, in: source)
    }
  }

  /// The value within `scope`, nil where a member or element on the way is missing or the value is an
  /// empty optional one; the content of an optional one.
  package func evaluateIfPresent(in scope: some Scope) throws(ExpressionError) -> Value? {
    var frame = Frame(scope, locals: places)
    do throws(Fault) {
      let value = try code.value(&frame)
      if case .optional(let inner) = value { return inner }
      return value
    } catch {
      if error.kind == .missing { return nil }
      throw ExpressionError(error, in: source)
    }
  }

  /// The value of a condition: an error unless it is true or false.
  package func isTrue(in scope: some Scope) throws(ExpressionError) -> Bool {
    let value = try evaluate(in: scope)
    guard case .bool(let answer) = value else {
      throw ExpressionError(
        "a condition must be true or false, not \(value.typeName)", in: source, at: root.offset)
    }
    return answer
  }
}
