import RelayEngine
import RelayModel
import RelayStore
import Testing

/// `wait` for an approval.
@Suite struct ApprovalWaitTests {
  private let document = #"""
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"ask","set":{"link":"{{ execution.approvals.ok }}"}},
      {"id":"ok","wait":{"approval":{"title":"Deploy {{ event.body.tag }}","message":"all of it"},"timeout":"1h"}},
      {"id":"deploy","set":{"by":"{{ steps.ok.by }}"}}]}
    """#
  private let step = StepPath(.steps, 1)

  private func bench() throws -> EngineBench {
    let bench = try EngineBench()
    bench.configuration.approvalLink = { _, path in "https://relay.example/approvals/\(path.step)" }
    bench.put(.configure(bench.configuration))
    bench.settle()
    return bench
  }

  private func ask(_ bench: EngineBench) throws -> RecordKey {
    try bench.accept(document, event: #"{"tag":"v7"}"#)
  }

  @discardableResult
  private func decide(
    _ bench: EngineBench, _ key: RecordKey, _ isApproved: Bool = true, settles: Bool = true
  ) throws -> ApprovalState {
    let decision = ApprovalDecision(isApproved: isApproved, by: "Ada", comment: "fine", at: bench.time.now())
    let state = try bench.store.perform(
      Decide(execution: key, step: step, decision: decision, client: "192.0.2.7"))
    if settles { bench.settle() }
    return state
  }

  private func state(_ bench: EngineBench, _ key: RecordKey) throws -> ApprovalState {
    let step = step
    return try bench.store.read { (snapshot) throws(StoreError) in try snapshot.approval(key, step) }
  }

  @Test func `a step before it has the link, and what is asked is on record`() throws {
    let bench = try bench()
    let key = try ask(bench)
    #expect(try bench.story(key).first == #"ask succeeded {"link":"https://relay.example/approvals/1"}"#)
    let record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.reason == "waiting for an approval")
    #expect(
      try state(bench, key)
        == .open(
          ApprovalQuestion(title: "Deploy v7", message: "all of it"),
          deadline: bench.time.now() + .seconds(3600)))
    #expect(try bench.findings() == [])
  }

  @Test func `approved, the step holds who said so`() throws {
    let bench = try bench()
    let key = try ask(bench)
    let at = bench.time.now().rfc3339
    try decide(bench, key)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(
      try bench.story(key).dropFirst() == [
        #"ok succeeded {"decision":"approved","by":"Ada","at":"\#(at)","comment":"fine"}"#,
        #"deploy succeeded {"by":"Ada"}"#,
      ])
    #expect(try state(bench, key) == .decided(isApproved: true))
    #expect(try bench.findings() == [])
  }

  @Test func `rejected, the step fails and nothing follows`() throws {
    let bench = try bench()
    let key = try ask(bench)
    try decide(bench, key, false)
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure == Failure(step: "ok", code: "rejected", message: "rejected by Ada: fine"))
    #expect(try state(bench, key) == .decided(isApproved: false))
  }

  @Test func `the first decision counts`() throws {
    let bench = try bench()
    let key = try ask(bench)
    try decide(bench, key, settles: false)
    #expect(try decide(bench, key, false) == .decided(isApproved: true))
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `without a decision in time it fails, and the link works no more`() throws {
    let bench = try bench()
    let key = try ask(bench)
    bench.pass(.seconds(3600))
    #expect(try bench.execution(key).failure?.code == "timeout")
    #expect(try decide(bench, key) == .expired)
    #expect(try bench.execution(key).status == .failed)
  }

  @Test func `a retry asks again`() throws {
    let bench = try bench()
    let key = try ask(bench)
    try decide(bench, key, false)
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    guard case .open = try state(bench, key) else {
      Issue.record("the question is not open")
      return
    }
    try decide(bench, key)
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `before the execution has come to it, and after it is gone, nothing is decided`() throws {
    let bench = try bench()
    let key = try bench.accept(
      #"""
      {"name":"sample","on":{"hook":"inbox"},"steps":[
        {"id":"pause","wait":"1h"},{"id":"ok","wait":{"approval":{}}}]}
      """#)
    #expect(try decide(bench, key) == .notYet)
    bench.pass(.seconds(3600))
    #expect(
      try state(bench, key)
        == .open(
          ApprovalQuestion(title: "ok", message: ""), deadline: bench.time.now() + .seconds(30 * 86_400)))
    _ = try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(try decide(bench, key) == .gone)
    #expect(try decide(bench, RecordKey(rawValue: 1)) == .gone)
    #expect(try bench.execution(key).status == .cancelled)
  }

  @Test func `each turn of a loop asks under its own link`() throws {
    let bench = try EngineBench()
    bench.configuration.approvalLink = { _, path in "/\(path.bytes)" }
    bench.put(.configure(bench.configuration))
    bench.settle()
    let key = try bench.accept(
      #"""
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"all","forEach":{"in":"[1,2]","steps":[
        {"id":"ok","wait":{"approval":{"title":"{{ execution.approvals.ok }}"}}}]}}]}
      """#)
    for turn in 0..<2 {
      let path = StepPath(.steps, 0).item(UInt32(turn)).step(0)
      let decision = ApprovalDecision(isApproved: true, by: nil, comment: nil, at: bench.time.now())
      let state = try bench.store.perform(
        Decide(execution: key, step: path, decision: decision, client: "192.0.2.7"))
      guard case .open(let question, _) = state else {
        Issue.record("turn \(turn) is \(state)")
        return
      }
      #expect(question.title == "/\(path.bytes)")
      bench.settle()
    }
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test(arguments: 0..<4, [CommitFate.crashBefore, .crashAfter])
  func `a death at any commit keeps the decision`(commits: Int, fate: CommitFate) throws {
    let bench = try bench()
    let key = try ask(bench)
    try bench.crash(fate)
    try decide(bench, key, settles: false)
    for _ in 0..<commits {
      bench.core.run()
      bench.store.pump()
    }
    bench.core.run()
    try bench.crash(fate)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"deploy succeeded {"by":"Ada"}"#)
    #expect(try bench.findings() == [])
  }

  @Test func `branches side by side ask, each under its own link`() throws {
    let bench = try bench()
    let key = try bench.accept(
      #"""
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"both","parallel":{
        "left":[{"id":"ok","wait":{"approval":{"title":"left"}}}],
        "right":[{"id":"ok","wait":{"approval":{"title":"right"}}}]}}]}
      """#)
    for branch in [1, 0] {
      let path = StepPath(.steps, 0).item(UInt32(branch)).step(0)
      let decision = ApprovalDecision(isApproved: true, by: nil, comment: nil, at: bench.time.now())
      let state = try bench.store.perform(
        Decide(execution: key, step: path, decision: decision, client: "192.0.2.7"))
      guard case .open(let question, _) = state else {
        Issue.record("branch \(branch) is \(state)")
        return
      }
      #expect(question.title == ["left", "right"][branch])
      bench.settle()
      #expect(try bench.findings() == [])
    }
    #expect(try bench.execution(key).status == .succeeded)
  }
}
