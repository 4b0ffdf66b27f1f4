import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Slots and breakers in the running engine: one destination never delays another's work.
@Suite struct DestinationsTests {
  private let down = Destination(scheme: .https, host: .name("down.example"), port: 443)
  private let breaker = Breaker.Rule(failures: 3, probe: .seconds(1), max: .seconds(60))

  private func document(_ host: String, retry: String = "{}") -> String {
    #"{"name":"sample","on":{"hook":"inbox"},"retry":\#(retry),"steps":[{"id":"a","http":{"url":"https://\#(host)/"}}]}"#
  }

  private func open(_ host: String, _ bench: EngineBench) -> [ScriptedTransport.Sent] {
    bench.transport.open.filter { $0.request.url.contains(host) }
  }

  @Test func `no more requests go to a destination at once than may, and the next follow at once`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(concurrency: 2))
    let version = try bench.register(document("x.example"))
    for _ in 0..<4 { try bench.accept(version: version) }
    #expect(bench.transport.sent.count == 2)
    bench.transport.answer(200)
    bench.settle()
    #expect(bench.transport.sent.count == 3)
    #expect(bench.transport.open.count == 2)
  }

  @Test func `who finds no slot soon is put down, uses up no attempt, and comes back`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(concurrency: 1))
    let version = try bench.register(document("x.example", retry: #"{"attempts":1}"#))
    try bench.accept(version: version)
    let second = try bench.accept(version: version)
    bench.pass(.milliseconds(99))
    #expect(try bench.execution(second).status == .running)
    bench.pass(.milliseconds(1))
    var record = try bench.execution(second)
    #expect(record.status == .waiting)
    #expect(record.attempt == 0)
    #expect(record.reason == "enough requests to https://x.example are under way")
    #expect(bench.store.permits.available == 255)
    bench.transport.answer(200)
    bench.settle()
    while bench.transport.open.isEmpty, bench.sleep() {}
    bench.transport.answer(200)
    bench.settle()
    record = try bench.execution(second)
    #expect(record.status == .succeeded)
    #expect(record.totalAttempts == 1)
  }

  @Test func `destinations that hang leave room for those that answer`() throws {
    let bench = try EngineBench(executions: 64, limits: DestinationGate.Limits(concurrency: 16))
    let hanging = try (0..<8).map { try bench.register(document("hang\($0).example")) }
    let healthy = try bench.register(document("good.example"))
    for round in 0..<40 {
      for version in hanging { try bench.accept(version: version) }
      try bench.accept(version: healthy)
      bench.pass(.milliseconds(50))
      let waiting = open("good.example", bench)
      #expect(!waiting.isEmpty, "round \(round)")
      for sent in waiting { bench.transport.answer(200, number: Int(sent.token.number)) }
      bench.settle()
    }
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] == 40)
  }

  @Test func `a destination that keeps failing is left alone but for its probes`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(breaker: breaker))
    let version = try bench.register(document("down.example", retry: #"{"attempts":3}"#))
    for _ in 0..<3 {
      try bench.accept(version: version)
      bench.transport.fail(.connect(down, message: "refused"))
      bench.settle()
    }
    let later = try bench.accept(version: version)
    #expect(bench.transport.sent.count == 3)
    var record = try bench.execution(later)
    #expect(record.status == .waiting)
    #expect(record.attempt == 0)
    #expect(record.reason == "https://down.example keeps failing and is left alone for a while")
    #expect(bench.core.metrics.current.leftAlone == ["https://down.example"])
    bench.pass(.seconds(1))
    #expect(bench.transport.open.count == 1)
    bench.transport.fail(.connect(down, message: "refused"))
    bench.settle()
    bench.pass(.milliseconds(1999))
    #expect(bench.transport.open.isEmpty)
    bench.pass(.milliseconds(1))
    #expect(bench.transport.open.count == 1)
    bench.transport.answer(200)
    bench.settle()
    #expect(bench.core.metrics.current.leftAlone.isEmpty)
    for _ in 0..<100 {
      while !bench.transport.open.isEmpty {
        bench.transport.answer(200)
        bench.settle()
      }
      if !bench.sleep() { break }
    }
    record = try bench.execution(later)
    #expect(record.status == .succeeded)
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] == 4)
  }

  @Test func `the time of a step begins with its first attempt, not while it waits for its turn`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(breaker: breaker))
    let once = try bench.register(document("down.example", retry: #"{"attempts":1}"#))
    for _ in 0..<3 {
      try bench.accept(version: once)
      bench.transport.fail(.connect(down, message: "refused"))
      bench.settle()
    }
    let later = try bench.accept(document("down.example", retry: #"{"for":"500ms","initial":"100ms"}"#))
    #expect(bench.transport.open.isEmpty)
    bench.pass(.seconds(1))
    #expect(bench.transport.open.count == 1)
    bench.transport.fail(.connect(down, message: "refused"))
    bench.settle()
    #expect(try bench.execution(later).status == .waiting)
  }

  @Test func `a retry by an operator has all of its time, however long it waits for its turn`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(breaker: breaker))
    let retried = try bench.accept(document("down.example", retry: #"{"for":"500ms","initial":"100ms"}"#))
    for _ in 0..<2 {
      bench.transport.fail(.connect(down, message: "refused"))
      bench.settle()
      bench.pass(.milliseconds(400))
    }
    bench.transport.fail(.connect(down, message: "refused"))
    bench.settle()
    #expect(try bench.execution(retried).isDeadLetter)
    _ = try bench.store.perform(RetryExecution(execution: retried, now: bench.time.now()))
    bench.settle()
    #expect(bench.transport.open.isEmpty)
    bench.pass(.seconds(1))
    bench.transport.fail(.connect(down, message: "refused"))
    bench.settle()
    #expect(try bench.execution(retried).status == .waiting)
  }

  @Test func `an open breaker is still open after a restart, and closed after its probe`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(breaker: breaker))
    let version = try bench.register(document("down.example"))
    for _ in 0..<3 {
      try bench.accept(version: version)
      bench.transport.fail(.connect(down, message: "refused"))
      bench.settle()
    }
    try bench.crash()
    let sent = bench.transport.sent.count
    try bench.accept(version: version)
    #expect(bench.transport.sent.count == sent)
    bench.pass(.seconds(1))
    #expect(bench.transport.open.count == 1)
    bench.transport.answer(200)
    bench.settle()
    let kept = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.breakers() }
    #expect(kept.isEmpty)
  }

  @Test func `a breaker closes one destination only`() throws {
    let bench = try EngineBench(limits: DestinationGate.Limits(breaker: breaker))
    let version = try bench.register(document("down.example"))
    for _ in 0..<3 {
      try bench.accept(version: version)
      bench.transport.answer(503)
      bench.settle()
    }
    try bench.accept(document("up.example"))
    #expect(open("up.example", bench).count == 1)
  }
}
