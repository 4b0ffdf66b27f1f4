internal import RelayDocuments
internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// `run`: another workflow as an execution of its own, whose end this one waits for without memory.
extension Walk {
  func begin(_ run: RunStep, wall: Timestamp) throws(StepError) -> Stop? {
    let body = try run.body(in: scope())
    guard body.count <= EngineBounds.output.bytes else {
      throw StepError(.badValue, "run.with: it is larger than \(EngineBounds.output.text)")
    }
    if pretendsRuns {
      let shown: JSON = [
        "run": .string(run.workflow), "with": .string(String(decoding: body, as: UTF8.self)),
      ]
      pass(
        nil, attempt: AttemptRecord(number: 1, at: wall, durationMs: 0, request: shown.serialized()),
        wall: wall)
      return nil
    }
    guard let workflow = workflows[run.workflow] else {
      throw StepError(.unknownWorkflow, "run.workflow: there is no workflow \(run.workflow)")
    }
    let event = EventRecord(
      hook: workflow.hook ?? "", method: "POST", target: "/",
      headers: HeaderFields([("Content-Type", "application/json")]), client: executionID, receivedAt: wall,
      origin: .manual)
    child = ChildRun(
      event: NewEvent(record: event, body: body),
      execution: NewExecution(
        workflow: run.workflow, version: workflow.version, priority: workflow.priority, origin: .manual))
    return beginWait(until: .distantFuture, wall: wall)
  }
}

extension Snapshot {
  /// What the end of a workflow that `run` started comes to: its steps' outputs by id, or its failure.
  func outcome(ofRun child: RecordKey, _ status: ExecutionStatus, tag: StoreTag) throws(StoreError)
    -> WaitOutcome
  {
    guard let record = try execution(child) else {
      return .lost("the execution that it started is not stored any more")
    }
    let id = tag.id(.execution, child)
    guard status == .succeeded else {
      let why = record.failure.map { ": \($0.message)" } ?? ""
      return .failed(
        code: status == .cancelled ? "run_cancelled" : "run_failed",
        "\(record.workflow) (\(id)) was \(status == .cancelled ? "cancelled" : "not successful")\(why)")
    }
    var text: [UInt8] = [UInt8(ascii: "{")]
    for entry in try journal(of: child, leadingTo: StepPath(.steps, Int(UInt16.max))) {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text += JSON.string(entry.name).serialized() + [UInt8(ascii: ":")]
      text += entry.output ?? Array("null".utf8)
    }
    return .event(text + [UInt8(ascii: "}")])
  }
}
