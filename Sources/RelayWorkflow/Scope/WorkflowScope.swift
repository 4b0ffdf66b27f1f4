package import RelayDocuments
package import RelayExpressions
package import RelayModel

/// The names that a workflow's expressions see. What is nil is not in scope.
package struct WorkflowScope: Scope, Sendable {
  package var event: EventValue?
  /// A map.
  package var vars: Value
  package var execution: ExecutionFacts?
  /// Outputs by step id, each in its JSON form.
  package var steps: JSONObject?
  package var failure: Failure?
  package var response: JSON?
  /// Elements of the loops around the step, by name, the innermost last.
  package var items: [(name: String, value: Value)] = []

  package init(
    event: EventValue?, vars: Value = .json(.object(JSONObject())), execution: ExecutionFacts? = nil,
    steps: JSONObject? = nil, failure: Failure? = nil
  ) {
    self.event = event
    self.vars = vars
    self.execution = execution
    self.steps = steps
    self.failure = failure
  }

  package func variable(_ name: String) -> Value? {
    switch name {
    case "event": event.map { .object($0) }
    case "vars": vars
    case "execution": execution?.value
    case "steps": steps.map { Value(.object($0)) }
    case "failure": failure.map { Value(.object($0.members)) }
    case "response": response.map { Value($0) }
    default: items.last { $0.name == name }?.value
    }
  }

  package var variableNames: [String] {
    ["event", "vars", "execution", "steps", "failure", "response"].filter { variable($0) != nil }
      + items.map(\.name)
  }
}

/// `execution` of expressions.
package struct ExecutionFacts: Sendable {
  package var id: String
  package var workflow: String
  /// The workflow's content address.
  package var version: String
  package var startedAt: Timestamp
  /// The links under which people decide, by the id of the step that asks.
  package var approvals: [(id: String, link: String)] = []

  package init(id: String, workflow: String, version: String, startedAt: Timestamp) {
    self.id = id
    self.workflow = workflow
    self.version = version
    self.startedAt = startedAt
  }

  static let memberNames = ["id", "workflow", "version", "started_at", "approvals"]

  var value: Value {
    var map = ValueMap()
    map[.string("id")] = .string(id)
    map[.string("workflow")] = .string(workflow)
    map[.string("version")] = .string(version)
    map[.string("started_at")] = .timestamp(Instant(startedAt))
    var links = ValueMap()
    for approval in approvals { links[.string(approval.id)] = .string(approval.link) }
    map[.string("approvals")] = .map(links)
    return .map(map)
  }
}

extension Failure {
  /// `failure` of expressions.
  var members: JSONObject {
    JSONObject([
      ("step", .string(step)), ("code", .string(code)), ("message", .string(message)),
      ("status", status.map { JSON($0) } ?? .null), ("attempts", JSON(attempts)),
    ])
  }

  /// `error` in the value of a step that failed under `continueOnError`.
  package var stepValue: JSON {
    let error = JSONObject([
      ("code", .string(code)), ("message", .string(message)), ("status", status.map { JSON($0) } ?? .null),
    ])
    return .object(JSONObject([("error", .object(error))]))
  }
}
