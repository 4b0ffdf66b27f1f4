internal import RelayDocuments
internal import RelayModel

/// A condition of a transform: CEL that sees one value, as `value`.
enum Condition {
  /// Reads a condition; what it names must be there.
  static func expression(_ json: JSON) throws(TransformError) -> Expression {
    guard let text = json.string else { throw TransformError("must be a CEL condition over value") }
    let expression: Expression
    do {
      expression = try Expression(checking: text)
    } catch {
      throw TransformError("is no expression: \(error.description)")
    }
    if let other = expression.references.first(where: { $0.path[0] != "value" }) {
      throw TransformError("sees only value, not \"\(other.path[0])\"")
    }
    return expression
  }

  static func isTrue(_ condition: Expression?, for value: JSON) throws(TransformError) -> Bool {
    do throws(ExpressionError) {
      return try condition?.isTrue(in: OneValue(value: value)) ?? false
    } catch {
      throw TransformError(error.description)
    }
  }
}

private struct OneValue: Scope {
  let value: JSON

  func variable(_ name: String) -> Value? { name == "value" ? Value(value) : nil }
  var variableNames: [String] { ["value"] }
}
