package import RelayExpressions

/// Waits for an event that a hook accepts, by what it has in common with the execution.
package struct EventWait: Sendable {
  package var question: EventQuestion
  /// Sees what the step sees; what the question's key has to give.
  package var value: Expression
  /// How long it waits.
  package var timeout: Duration

  /// The hash of what is waited for.
  package func awaited(in scope: some Scope) throws(StepError) -> [UInt8] {
    let value = try evaluated { () throws(ExpressionError) in try self.value.evaluate(in: scope) }
    guard let hash = EventQuestion.hash(value) else {
      throw StepError(
        .badValue, "wait.event.equals: expected a string, a number or a bool, found \(value.typeName)")
    }
    return hash
  }
}
