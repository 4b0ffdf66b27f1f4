internal import RelayDocuments
package import RelayExpressions

/// Runs another workflow, and waits for its end.
package struct RunStep: Sendable {
  package var workflow: String
  /// The body of the event that the other workflow sees; nil is an empty object.
  package var body: ValueTemplate?

  /// The body, as JSON text.
  package func body(in scope: some Scope) throws(StepError) -> [UInt8] {
    guard let body else { return Array("{}".utf8) }
    return try evaluated { () throws(ExpressionError) in try body.value(in: scope) }.serialized()
  }
}
