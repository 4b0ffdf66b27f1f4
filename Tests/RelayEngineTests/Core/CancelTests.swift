import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Cancelling at every place where an execution can stand.
@Suite struct CancelTests {
  private let sample = """
    {"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/a"}},
      {"id":"b","http":{"url":"https://x.example/b"}}],
     "onFailure":[{"id":"tell","http":{"url":"https://ops.example/"}}]}
    """
  private let waits =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","wait":"1h"},{"id":"b","set":{}}]}"#

  private func cancel(_ key: RecordKey, _ bench: EngineBench) throws -> CancelAnswer {
    try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
  }

  @Test func `while its request is under way the transfer is ended, and onFailure is skipped`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    #expect(try cancel(key, bench) == .cancelled)
    bench.settle()
    #expect(bench.transport.sent.count == 1)
    #expect(bench.transport.sent[0].isCancelled)
    #expect(try bench.execution(key).status == .cancelled)
    #expect(bench.store.permits.available == 256)
  }

  @Test func `while its outcome is on its way the outcome is stale`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.store.submit(Cancel(execution: key, now: bench.time.now())) { _ in }
    bench.transport.answer(200)
    bench.core.run()
    bench.settle()
    #expect(try bench.execution(key).status == .cancelled)
    #expect(try bench.journal(key).isEmpty)
    #expect(bench.transport.sent.count == 1)
    #expect(bench.store.permits.available == 256)
  }

  @Test func `right after its outcome the next step does not stay under way`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.transport.answer(200)
    bench.core.run()
    bench.store.submit(Cancel(execution: key, now: bench.time.now())) { _ in }
    bench.settle()
    #expect(try bench.execution(key).status == .cancelled)
    #expect(bench.transport.open.isEmpty)
    #expect(bench.store.permits.available == 256)
  }

  @Test func `while it waits it is simply over`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(waits)
    #expect(try cancel(key, bench) == .cancelled)
    bench.pass(.seconds(7200))
    #expect(try bench.execution(key).status == .cancelled)
    #expect(try bench.story(key) == ["a waiting"])
  }

  @Test func `while it stands in a queue it leaves it`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(concurrency: 1))
    let version = try bench.register(sample)
    _ = try bench.accept(version: version)
    let second = try bench.accept(version: version)
    let third = try bench.accept(version: version)
    #expect(try cancel(second, bench) == .cancelled)
    bench.settle()
    bench.transport.answer(404)
    bench.settle()
    #expect(bench.transport.sent.map { $0.header("Idempotency-Key") }.contains("\(bench.id(third)):a"))
    #expect(!bench.transport.sent.map { $0.header("Idempotency-Key") }.contains("\(bench.id(second)):a"))
  }

  @Test func `what has ended stays as it ended`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(#"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","set":{}}]}"#)
    #expect(try cancel(key, bench) == .ended(.succeeded))
  }

  @Test func `and retried within one commit, it runs on in its new life`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.transport.answer(503, [("Retry-After", "10")])
    bench.settle()
    bench.time.advance(by: .seconds(10))
    // The claim of what is due now comes third.
    bench.store.submit(Cancel(execution: key, now: bench.time.now())) { _ in }
    bench.store.submit(RetryExecution(execution: key, now: bench.time.now())) { _ in }
    bench.settle()
    #expect(try bench.execution(key).status == .running)
    #expect(bench.transport.open.count == 1)
    #expect(bench.store.permits.available == 255)
    bench.transport.answer(200)
    bench.settle()
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/b"])
  }

  @Test func `a cancelled execution that is retried goes on from its step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    _ = try cancel(key, bench)
    bench.settle()
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/a"])
    bench.transport.answer(200)
    bench.settle()
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }
}
