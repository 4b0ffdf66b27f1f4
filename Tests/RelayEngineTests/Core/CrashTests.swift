import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Deaths of the process at each commit, and what a restart makes of them.
@Suite struct CrashTests {
  private let twoSteps = """
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"a","http":{"method":"POST","url":"https://x.example/a","json":{"n":"{{ event.body.n }}"}}},
      {"id":"b","http":{"method":"POST","url":"https://x.example/b","json":{"from":"{{ steps.a.status }}"}}}]}
    """

  @Test func `what was under way runs again, with the same key and the same request`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(twoSteps, event: #"{"n":1}"#)
    try bench.crash()
    let sent = bench.transport.sent
    #expect(sent.count == 2)
    #expect(sent[0].header("Idempotency-Key") == sent[1].header("Idempotency-Key"))
    #expect(sent[0].request.body == sent[1].request.body)
    let record = try bench.execution(key)
    #expect(record.crashes == 1)
    #expect(record.attempt == 2)
  }

  @Test func `an outcome that was not committed is made again`() throws {
    let bench = try EngineBench()
    _ = try bench.accept(twoSteps, event: #"{"n":1}"#)
    bench.transport.answer(200)
    bench.core.run()
    try bench.crash(.crashBefore)
    #expect(bench.transport.sent.map(\.request.url) == ["https://x.example/a", "https://x.example/a"])
  }

  @Test func `an outcome that was committed is not made again, whoever learned of it`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(twoSteps, event: #"{"n":1}"#)
    bench.transport.answer(202)
    bench.core.run()
    try bench.crash(.crashAfter)
    #expect(bench.transport.sent.map(\.request.url) == ["https://x.example/a", "https://x.example/b"])
    #expect(bench.transport.sent[1].body == #"{"from":202}"#)
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.execution(key).crashes == 0)
  }

  @Test func `an end that was committed stays the end`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(twoSteps, event: #"{"n":1}"#)
    bench.transport.answer(200)
    bench.settle()
    bench.transport.answer(200)
    bench.core.run()
    try bench.crash(.crashAfter)
    #expect(bench.transport.sent.count == 2)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.store.permits.available == 256)
  }

  @Test func `a backing off execution keeps its instant and its request over a restart`() throws {
    let bench = try EngineBench()
    _ = try bench.accept(twoSteps, event: #"{"n":1}"#)
    bench.transport.answer(500, [("Retry-After", "60")])
    bench.settle()
    try bench.crash()
    #expect(bench.transport.sent.count == 1)
    bench.pass(.seconds(59))
    #expect(bench.transport.sent.count == 1)
    bench.pass(.seconds(1))
    #expect(bench.transport.sent.count == 2)
    #expect(bench.transport.sent[0].request.body == bench.transport.sent[1].request.body)
  }

  @Test func `a claim that was not committed is claimed again`() throws {
    let bench = try EngineBench()
    _ = try bench.accept(twoSteps, event: #"{"n":1}"#)
    bench.transport.answer(500)
    bench.settle()
    bench.time.advance(by: .seconds(1))
    bench.core.run()
    try bench.crash(.crashBefore)
    #expect(bench.transport.sent.count == 2)
  }

  @Test func `the third crash within one step quarantines the execution, and nobody else`() throws {
    let bench = try EngineBench()
    let poison = try bench.accept(twoSteps, event: #"{"n":1}"#)
    for _ in 0..<2 { try bench.crash() }
    #expect(bench.transport.sent.count == 2)
    #expect(try bench.execution(poison).crashes == 2)
    bench.pass(StoreLimits.suspectDelay)
    #expect(bench.transport.sent.count == 3)
    try bench.crash()
    let record = try bench.execution(poison)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "poison")
    #expect(bench.transport.sent.count == 3)
    #expect(bench.store.permits.available == 256)
    let healthy = try bench.accept(twoSteps, event: #"{"n":2}"#)
    for _ in 0..<2 {
      bench.transport.answer(200, number: bench.transport.sent.count - 1)
      bench.settle()
    }
    #expect(try bench.execution(healthy).status == .succeeded)
  }

  @Test func `an outcome in between begins the count of crashes anew`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(twoSteps, event: #"{"n":1}"#)
    for _ in 0..<2 { try bench.crash() }
    bench.pass(StoreLimits.suspectDelay)
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    for _ in 0..<2 { try bench.crash() }
    bench.pass(StoreLimits.suspectDelay)
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `what ran beyond a lowered limit is taken up in turn`() throws {
    let bench = try EngineBench()
    let version = try bench.register(twoSteps)
    for n in 0..<5 { try bench.accept(version: version, event: #"{"n":\#(n)}"#) }
    bench.configuration.executions = 2
    try bench.crash()
    #expect(bench.transport.sent.count == 7)
    for _ in 0..<200 where !bench.transport.open.isEmpty {
      for sent in bench.transport.open { bench.transport.answer(200, number: Int(sent.token.number)) }
      bench.settle()
    }
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] == 5)
    #expect(bench.store.permits.available == 2)
  }
}
