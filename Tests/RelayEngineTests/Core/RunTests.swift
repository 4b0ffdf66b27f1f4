import RelayCrypto
import RelayEngine
import RelayModel
import RelayStore
import Testing

/// `run`.
@Suite struct RunTests {
  private let parent = #"""
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"other","run":{"workflow":"child","with":{"n":"{{ event.body.n }}"}}},
      {"id":"after","set":{"sum":"{{ steps.other.add.sum }}"}}]}
    """#
  private let child = #"""
    {"name":"child","on":{"hook":"never"},"steps":[
      {"id":"add","set":{"sum":"{{ event.body.n + 1 }}"}},{"id":"call","http":{"url":"https://x.example/"}}]}
    """#

  private func bench(_ child: String? = nil) throws -> EngineBench {
    let bench = try EngineBench()
    let document = Array((child ?? self.child).utf8)
    let version = try bench.store.perform(
      RegisterVersion(
        name: "child", document: document, hash: try DigestAlgorithm.sha256.digest(document),
        vars: Array("{}".utf8)))
    bench.configuration.workflows = [
      "child": RunnableWorkflow(version: version, hook: "never", priority: 5)
    ]
    bench.put(.configure(bench.configuration))
    bench.settle()
    return bench
  }

  private func children(_ bench: EngineBench, of key: RecordKey) throws -> [RecordKey] {
    try bench.store.read { (snapshot) throws(StoreError) in
      try snapshot.executions(ExecutionFilter(), before: nil, limit: 100).items.map(\.key)
    }.filter { $0 != key }
  }

  @Test func `it waits without memory and holds what the other's steps hold`() throws {
    let bench = try bench()
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    let record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.reason == "waiting for the workflow child")
    #expect(bench.store.permits.available == 255)
    let started = try children(bench, of: key)
    #expect(started.count == 1)
    #expect(bench.transport.open.count == 1)
    #expect(try bench.findings() == [])
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"sum":5}"#)
    #expect(bench.store.permits.available == 256)
    #expect(try bench.findings() == [])
  }

  @Test func `its failure fails the step, and a retry starts it again`() throws {
    let bench = try bench()
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    let first = try #require(try children(bench, of: key).first)
    bench.transport.answer(404)
    bench.settle()
    let failure = try bench.execution(key).failure
    #expect(failure?.code == "run_failed")
    #expect(failure?.step == "other")
    #expect(
      failure?.message
        == "child (\(bench.id(first))) was not successful: the destination answered 404")
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(try children(bench, of: key).count == 2)
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.findings() == [])
  }

  @Test func `cancel of the one cancels the other`() throws {
    let bench = try bench()
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    let started = try #require(try children(bench, of: key).first)
    _ = try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(try bench.execution(key).status == .cancelled)
    #expect(try bench.execution(started).status == .cancelled)
    #expect(bench.store.permits.available == 256)
    #expect(try bench.findings() == [])
  }

  @Test func `cancel of the other fails the step`() throws {
    let bench = try bench()
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    let started = try #require(try children(bench, of: key).first)
    _ = try bench.store.perform(Cancel(execution: started, now: bench.time.now()))
    bench.settle()
    #expect(try bench.execution(key).failure?.code == "run_cancelled")
  }

  @Test func `a workflow that is not there fails the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    #expect(try bench.execution(key).failure?.code == "unknown_workflow")
  }

  @Test func `a circle that a reload made comes to an end`() throws {
    let bench = try bench(
      #"{"name":"child","on":{"hook":"never"},"steps":[{"id":"again","run":{"workflow":"child"}}]}"#)
    let key = try bench.accept(parent, event: #"{"n":4}"#)
    for _ in 0..<20 { bench.settle() }
    #expect(try bench.execution(key).failure?.code == "run_failed")
    let codes = try children(bench, of: key).map { try bench.execution($0).failure?.code }
    #expect(codes.count == 16)
    #expect(codes.filter { $0 == "too_deep" }.count == 1)
    #expect(try bench.findings() == [])
  }

  @Test(arguments: 0..<5, [CommitFate.crashBefore, .crashAfter])
  func `a death at any commit starts it once and loses no end`(commits: Int, fate: CommitFate) throws {
    let bench = try bench(#"{"name":"child","on":{"hook":"never"},"steps":[{"id":"add","set":{"sum":5}}]}"#)
    let version = try bench.register(parent)
    let answer = try bench.store.perform(
      Enqueue(
        event: bench.arrival(#"{"n":4}"#).event,
        executions: [NewExecution(workflow: "sample", version: version)], mark: nil, now: bench.time.now()))
    let key = answer.executions[0]
    for _ in 0..<commits {
      bench.core.run()
      bench.store.pump()
    }
    bench.core.run()
    try bench.crash(fate)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try children(bench, of: key).count == 1)
    #expect(try bench.story(key).last == #"after succeeded {"sum":5}"#)
    #expect(try bench.findings() == [])
  }

  @Test func `branches side by side run others, which go with a cancel`() throws {
    let bench = try bench()
    let document = #"""
      {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"both","parallel":{
        "left":[{"id":"a","run":{"workflow":"child","with":{"n":1}}}],
        "right":[{"id":"b","run":{"workflow":"child","with":{"n":2}}}]}}]}
      """#
    let first = try bench.accept(document)
    #expect(try children(bench, of: first).count == 2)
    _ = try bench.store.perform(Cancel(execution: first, now: bench.time.now()))
    bench.settle()
    #expect(
      try children(bench, of: first).map { try bench.execution($0).status } == [.cancelled, .cancelled])
    #expect(try bench.findings() == [])
    let second = try bench.accept(document)
    while !bench.transport.open.isEmpty {
      bench.transport.answer(200)
      bench.settle()
    }
    #expect(try bench.execution(second).status == .succeeded)
    #expect(try bench.findings() == [])
  }
}
