package import RelayExpressions

/// A workflow as its document says: what starts it, what it does, what it does when that fails.
///
/// Its identity is the SHA-256 of the document as written; whoever stores it keeps both.
package struct Workflow: Sendable {
  package var name: String
  package var trigger: Trigger
  package var retry: RetryPolicy
  /// At least one; ids are unique.
  package var steps: [Step]
  /// Run after an execution failed, with `failure` in scope.
  package var onFailure: [Step]

  /// The path of a step of `onFailure` begins with this and a slash.
  package static let failurePath = "onFailure"
}

/// What starts a workflow: `on`.
package struct Trigger: Sendable {
  /// Nil for a workflow that is only run by name.
  package var hook: String?
  /// Sees `event` and `vars`.
  package var condition: Expression?
  /// 0 to 9; of executions that are due together, those of the higher number are run first.
  package var priority: Int
}

extension Workflow {
  /// Whether an event of `hook` starts this workflow. An error of the condition is no match; show it on
  /// the event.
  package func matches(_ event: EventValue, vars: Value) throws(ExpressionError) -> Bool {
    guard trigger.hook == event.hook else { return false }
    guard let condition = trigger.condition else { return true }
    return try condition.isTrue(in: WorkflowScope(event: event, vars: vars))
  }
}
