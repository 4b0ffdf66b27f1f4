internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelayStore
package import RelayWorkflow

/// What expressions see, and where it comes from.
extension Walk {
  /// What the expressions of the step at `position` see.
  package func scope() -> WorkflowScope {
    let value = eventValue ?? event.value(tag)
    eventValue = value
    readOutputs()
    var facts = ExecutionFacts(
      id: executionID, workflow: program.workflow.name, version: program.version, startedAt: startedAt)
    facts.approvals = program.approvals(around: position).map { step in
      // A dry run shows where the link would stand.
      (step.id, approvalLink?(key, step.path) ?? "/approvals/\(step.id)")
    }
    var scope = WorkflowScope(
      event: value, vars: program.vars, execution: facts,
      steps: outputs, failure: position.section == .onFailure ? failure : nil)
    for frame in frames {
      guard case .forEach(let loop) = frame.known.step.verb, Int(frame.turn) < frame.elements.count
      else { continue }
      scope.items.append((loop.name, Value(frame.elements[Int(frame.turn)])))
    }
    return scope
  }

  func readOutputs() {
    for output in unread { outputs[output.id] = Self.value(output.text) ?? .null }
    unread = []
  }

  /// Takes what is on record: outputs of steps that lie behind, the steps that `position` stands in, the
  /// failure that led to `onFailure`, and the mark of a wait that has begun. What lies ahead belongs to an
  /// earlier run, and is run again.
  func take(_ entry: JournalEntry) {
    if entry.path == position, entry.status == .waiting, let mark = entry.decision.flatMap(WaitMark.instant) {
      waitMark = mark
      stepBegan = entry.startedAt
    }
    if entry.path == position, fork != nil, let decision = entry.decision {
      openDecision = decision
      stepBegan = entry.startedAt
    }
    guard entry.path < position else { return }
    if position.isWithin(entry.path) { return reopen(entry) }
    if entry.status == .failed, entry.output == nil {
      failure = entry.failure
      failedAt = entry.failure.flatMap { program.path(named: $0.step) } ?? entry.path
    }
    // By the name that it had: a retry may go on with another version of the document.
    let id = entry.name.split(separator: "/").last.map(String.init) ?? entry.name
    outputs[id] = entry.output.flatMap(Self.value) ?? .null
  }

  private static func value(_ output: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(output)
    } catch {
      // The store checked the record's sum, and we wrote it: not JSON is not possible.
      return nil
    }
  }
}

extension StoredEvent {
  /// What a step that waited for the event holds: all that expressions see of an event but `raw`.
  func output(_ tag: StoreTag) -> [UInt8] {
    let value = value(tag)
    let members = EventValue.memberNames.filter { $0 != "raw" }
    return JSON.object(JSONObject(members.map { (name: $0, value: value.member($0)?.asJSON ?? .null) }))
      .serialized()
  }

  /// `event` of expressions.
  func value(_ tag: StoreTag) -> EventValue {
    EventValue(id: tag.id(.event, self.key), type: record.type, hook: record.hook, request: request)
  }

  /// The request as it came.
  var request: IncomingRequest {
    IncomingRequest(
      method: record.method, target: record.target, headers: record.headers, body: body,
      receivedAt: record.receivedAt, client: record.client)
  }
}
