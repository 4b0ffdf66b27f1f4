import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Permits, claims, drain, and a store that takes nothing.
@Suite struct CapacityTests {
  private let sample =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/"}},{"id":"b","http":{"url":"https://x.example/b"}}]}"#

  private func answerAll(_ bench: EngineBench) {
    for sent in bench.transport.open { bench.transport.answer(200, number: Int(sent.token.number)) }
    bench.settle()
  }

  @Test func `no more run at once than may, and the others follow in order`() throws {
    let bench = try EngineBench(executions: 2)
    let version = try bench.register(sample)
    let keys = try (0..<5).map { _ in try bench.accept(version: version) }
    #expect(bench.transport.open.count == 2)
    #expect(try bench.execution(keys[4]).status == .queued)
    var order: [String] = []
    for _ in 0..<20 {
      #expect(bench.transport.open.count <= 2)
      order += bench.transport.open.filter { !$0.request.url.hasSuffix("b") }.compactMap {
        $0.header("Idempotency-Key")
      }
      answerAll(bench)
    }
    #expect(order == keys.map { "\(bench.id($0)):a" })
    for key in keys { #expect(try bench.execution(key).status == .succeeded) }
    #expect(bench.store.permits.available == 2)
  }

  @Test func `live events go before bulk replay`() throws {
    let bench = try EngineBench(executions: 1)
    let version = try bench.register(sample)
    let first = try bench.accept(version: version)
    let event = try bench.execution(first).event
    let replayed = try #require(
      try bench.store.perform(
        Replay(
          event: event, executions: [NewExecution(workflow: "sample", version: version, origin: .replay)],
          background: true, now: bench.time.now())))
    let live = try bench.accept(version: version)
    answerAll(bench)
    answerAll(bench)
    #expect(bench.transport.open.map { $0.header("Idempotency-Key") } == ["\(bench.id(live)):a"])
    answerAll(bench)
    answerAll(bench)
    #expect(bench.transport.open.map { $0.header("Idempotency-Key") } == ["\(bench.id(replayed[0])):a"])
  }

  @Test func `a lowered limit holds for what begins next, and a raised one at once`() throws {
    let bench = try EngineBench(executions: 2)
    let version = try bench.register(sample)
    for _ in 0..<4 { try bench.accept(version: version) }
    var configuration = bench.configuration
    configuration.executions = 3
    bench.put(.configure(configuration))
    bench.settle()
    #expect(bench.transport.open.count == 3)
  }

  @Test func `events that are too large to be held together take turns`() throws {
    let bench = try EngineBench(executions: 64)
    var configuration = bench.configuration
    configuration.heldBodies = .kibibytes(256)
    bench.put(.configure(configuration))
    let version = try bench.register(sample)
    let body = [UInt8](repeating: 120, count: 24 << 10)
    for _ in 0..<13 { try bench.accept(version: version, body: body) }
    #expect(bench.transport.open.count == 10)
    for _ in 0..<40 {
      answerAll(bench)
      bench.pass(EngineBounds.memoryPause)
    }
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] == 13)
    #expect(bench.store.permits.available == 64)
  }

  @Test func `permits that a failed commit gave back are found`() throws {
    let bench = try EngineBench(executions: 1)
    let version = try bench.register(sample)
    #expect(bench.store.permits.take())
    let key = try bench.accept(version: version)
    #expect(try bench.execution(key).status == .queued)
    #expect(bench.core.nextDeadline == bench.time.elapsed() + EngineBounds.permitPause)
    bench.store.permits.giveBack()
    bench.sleep()
    #expect(bench.transport.open.count == 1)
  }

  @Test func `a drain begins nothing, lets attempts end, and leaves nothing running`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    let waiting = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","wait":"1s"},{"id":"b","set":{}}]}"#)
    bench.put(.drain(patience: .seconds(30)))
    bench.settle()
    #expect(!bench.core.isDrained)
    bench.transport.answer(200)
    bench.settle()
    #expect(bench.core.isDrained)
    #expect(bench.transport.sent.count == 1)
    let record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.position == StepPath(.steps, 1))
    #expect(record.attempt == 0)
    bench.pass(.seconds(2))
    #expect(try bench.execution(waiting).status == .waiting)
    try bench.crash()
    #expect(try bench.execution(key).crashes == 0)
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/b"])
    #expect(try bench.execution(waiting).status == .succeeded)
  }

  @Test func `what is still under way when patience ends is put down, and its attempt counts`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.put(.drain(patience: .seconds(5)))
    bench.settle()
    #expect(bench.core.nextDeadline == bench.time.elapsed() + .seconds(5))
    bench.pass(.seconds(5))
    #expect(bench.core.isDrained)
    #expect(bench.transport.sent[0].isCancelled)
    let record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.attempt == 1)
    #expect(record.pinned)
    #expect(record.crashes == 0)
  }

  @Test func `what is accepted during a drain waits for the next start`() throws {
    let bench = try EngineBench()
    bench.put(.drain(patience: .seconds(5)))
    bench.settle()
    let key = try bench.accept(sample)
    #expect(bench.transport.sent.isEmpty)
    #expect(bench.core.isDrained)
    #expect(try bench.execution(key).attempt == 0)
    try bench.crash()
    #expect(bench.transport.open.count == 1)
  }
}
