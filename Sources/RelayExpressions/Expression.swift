/// A CEL expression, read once and evaluated as often as needed. Evaluation has no effect, sees nothing
/// but its scope, and is bounded in cost and memory.
package struct Expression: Sendable {
  /// The longest expression, in bytes.
  package static let maxBytes = 32_768

  /// As written, or the template that holds it.
  package let source: String
  let root: Node

  /// Reads the whole of `source` as one expression.
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

  init(source: String, root: Node) {
    self.source = source
    self.root = root
  }

  /// The value within `scope`. An error says where in the expression and what was found there.
  package func evaluate(in scope: some Scope) throws(ExpressionError) -> Value {
    var evaluator = Evaluator(scope, source)
    return try evaluator.value(of: root)
  }

  /// The value of a condition: an error unless it is true or false.
  package func isTrue(in scope: some Scope) throws(ExpressionError) -> Bool {
    let value = try evaluate(in: scope)
    guard case .bool(let answer) = value.resolved else {
      throw ExpressionError(
        "a condition must be true or false, not \(value.typeName)", in: source, at: root.offset)
    }
    return answer
  }
}
