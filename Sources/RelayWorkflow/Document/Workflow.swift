package import RelayExpressions

/// A workflow as its document says: what starts it, what it does, what it does when that fails.
///
/// Its identity is the SHA-256 of the document as written; whoever stores it keeps both.
package struct Workflow: Sendable {
  package var name: String
  package var trigger: Trigger
  package var retry: RetryPolicy
  /// How many of its executions are under way at once; nil for as many as the relay has places.
  package var concurrency: Concurrency?
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
  package var priority = 0
  /// `order`: of events with an equal key, one runs at a time, in the order in which they came.
  package var order: Expression?
  /// `debounce` or `throttle`; nil where every event starts an execution.
  package var pace: Pace?
}

/// `concurrency` of a workflow.
package struct Concurrency: Sendable {
  /// Counted for each of its values; nil for the workflow as a whole.
  package var key: Expression?
  package var limit: Int
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
