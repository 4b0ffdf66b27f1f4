import RelayEngine
import RelayModel
import RelayStore
import Testing

/// `wait` for an event.
@Suite struct EventWaitTests {
  private func document(_ condition: String = "", timeout: String = "1h", more: String = "") -> String {
    """
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"paid","wait":{"event":{"hook":"inbox","key":"event.body.order","equals":"event.body.id"\(condition)},
        "timeout":"\(timeout)"}\(more)},
      {"id":"after","set":{"by":"{{ steps.paid.body.by }}"}}]}
    """
  }

  private func wait(_ bench: EngineBench, id: String = "7") throws -> RecordKey {
    try bench.accept(document(), event: #"{"id":\#(id)}"#)
  }

  @Test func `it holds nothing in memory, and goes on with the event that comes`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    let record = try bench.execution(key)
    #expect(record.status == .waiting)
    #expect(record.reason == "waiting for an event of the hook inbox")
    #expect(record.due == bench.time.now() + .seconds(3600))
    #expect(bench.store.permits.available == 256)
    let event = try bench.deliver(#"{"order":7,"by":"card"}"#)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"by":"card"}"#)
    let output = try #require(try bench.journal(key).first?.output)
    let shown = String(decoding: output, as: UTF8.self)
    #expect(shown.hasPrefix(#"{"id":"\#(bench.store.tag.id(.event, event))","type":"paid","hook":"inbox","#))
    #expect(
      shown.hasSuffix(
        #""method":"POST","path":"/hooks/inbox","query":{"b":"2"},"#
          + #""headers":{"content-type":"application/json"},"body":{"order":7,"by":"card"}}"#))
    #expect(bench.store.waits(on: "inbox").isEmpty)
    #expect(try bench.findings() == [])
  }

  @Test func `an event that was accepted before the wait was on record does not count`() throws {
    let bench = try EngineBench()
    try bench.deliver(#"{"order":7}"#)
    let key = try wait(bench)
    #expect(try bench.execution(key).status == .waiting)
  }

  @Test(arguments: [#"{"order":8}"#, #"{"order":"7"}"#, #"{"order":null}"#, "{}", "no JSON"])
  func `another value is not what it waits for`(body: String) throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    try bench.deliver(body)
    try bench.deliver(#"{"order":7}"#, hook: "other")
    #expect(try bench.execution(key).status == .waiting)
    #expect(bench.store.waits(on: "inbox").count == 1)
    #expect(try bench.findings() == [])
  }

  @Test(arguments: [("7", "7.0"), ("7.5", "75e-1"), (#""x""#, #""x""#), ("true", "true")])
  func `values are equal as in expressions`(wanted: String, found: String) throws {
    let bench = try EngineBench()
    let key = try wait(bench, id: wanted)
    try bench.deliver(#"{"order":\#(found)}"#)
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `a condition that is false or fails keeps it waiting`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(#","if":"event.body.sum > 5""#), event: #"{"id":7}"#)
    for body in [#"{"order":7,"sum":5}"#, #"{"order":7}"#, #"{"order":7,"sum":"x"}"#] {
      try bench.deliver(body)
      #expect(try bench.execution(key).status == .waiting)
    }
    try bench.deliver(#"{"order":7,"sum":6}"#)
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `all that match wake, and nobody else`() throws {
    let bench = try EngineBench()
    let matching = try (0..<5).map { _ in try wait(bench) }
    let other = try wait(bench, id: "8")
    #expect(bench.store.waits(on: "inbox").count == 1)
    try bench.deliver(#"{"order":7}"#)
    for key in matching { #expect(try bench.execution(key).status == .succeeded) }
    #expect(try bench.execution(other).status == .waiting)
    #expect(try bench.findings() == [])
  }

  @Test(arguments: ["null", "[1]", "{}"])
  func `nothing can be waited for by such a value`(value: String) throws {
    let bench = try EngineBench()
    let key = try wait(bench, id: value)
    let failure = try bench.execution(key).failure
    #expect(failure?.code == "bad_value")
    #expect(failure?.message.hasPrefix("wait.event.equals: expected a string, a number or a bool") == true)
  }

  // MARK: Timeout

  @Test func `without one in time the step fails, and what comes later is late`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    bench.pass(.seconds(3600))
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(
      record.failure
        == Failure(
          step: "paid", code: "timeout",
          message: "no event of the hook inbox came within the step's timeout"))
    try bench.deliver(#"{"order":7}"#)
    #expect(try bench.execution(key).status == .failed)
    #expect(try bench.findings() == [])
  }

  @Test func `under continueOnError a timeout is a value`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      #"""
      {"name":"sample","on":{"hook":"inbox"},"steps":[
        {"id":"paid","continueOnError":true,"wait":{"event":{"hook":"inbox","key":"event.body.order",
          "equals":"1"},"timeout":"1s"}},
        {"id":"after","set":{"late":"{{ steps.paid.error.code == 'timeout' }}"}}]}
      """#)
    bench.pass(.seconds(1))
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"late":true}"#)
  }

  @Test func `a dead letter that is retried waits again`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    bench.pass(.seconds(3600))
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(try bench.execution(key).status == .waiting)
    try bench.deliver(#"{"order":7}"#)
    #expect(try bench.execution(key).status == .succeeded)
  }

  // MARK: Races

  @Test func `an event in the commit before the claim goes before the timeout`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    bench.time.advance(by: .seconds(3600))
    try bench.deliver(#"{"order":7}"#, settles: false)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `a claim in the commit before the event goes before it`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    bench.time.advance(by: .seconds(3600))
    // The claim is handed over first; both are in one commit.
    bench.core.run()
    try bench.deliver(#"{"order":7}"#, settles: false)
    bench.settle()
    #expect(try bench.execution(key).failure?.code == "timeout")
    #expect(try bench.findings() == [])
  }

  @Test func `an event that is taken before the wait is on record finds it all the same`() throws {
    let bench = try EngineBench()
    let version = try bench.register(document())
    bench.store.submit(
      Enqueue(
        event: bench.arrival(#"{"id":7}"#).event,
        executions: [NewExecution(workflow: "sample", version: version)], mark: nil, now: bench.time.now())
    ) { _ in }
    bench.store.pump()
    bench.core.run()
    // The mark of the wait is on its way; the event was asked nothing, since nobody waited.
    bench.store.submit(bench.arrival(#"{"order":7,"by":"late"}"#)) { _ in }
    bench.settle()
    let keys = try bench.store.read { (snapshot) throws(StoreError) in
      try snapshot.executions(ExecutionFilter(), before: nil, limit: 5).items.map(\.key)
    }
    #expect(try bench.execution(try #require(keys.first)).status == .succeeded)
  }

  // MARK: Deaths

  @Test(arguments: 0..<5, [CommitFate.crashBefore, .crashAfter])
  func `a death at any commit loses nothing and does nothing twice`(commits: Int, fate: CommitFate) throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    try bench.crash(fate)
    #expect(bench.store.waits(on: "inbox").count == 1)
    try bench.deliver(#"{"order":7,"by":"card"}"#, settles: false)
    for _ in 0..<commits {
      bench.core.run()
      bench.store.pump()
    }
    bench.core.run()
    try bench.crash(fate)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"by":"card"}"#)
    #expect(try bench.findings() == [])
  }

  @Test func `a death while it waits costs it no time`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    bench.time.advance(by: .seconds(3000))
    try bench.crash()
    #expect(try bench.execution(key).status == .waiting)
    bench.pass(.seconds(600))
    #expect(try bench.execution(key).failure?.code == "timeout")
  }

  // MARK: Ends

  @Test func `what is cancelled waits no more`() throws {
    let bench = try EngineBench()
    let key = try wait(bench)
    _ = try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(bench.store.waits(on: "inbox").isEmpty)
    try bench.deliver(#"{"order":7}"#)
    #expect(try bench.execution(key).status == .cancelled)
    #expect(try bench.findings() == [])
  }

  @Test func `the event is kept until the execution has gone on with it`() throws {
    let bench = try EngineBench(executions: 0)
    bench.store.permits.giveBack(1)
    let key = try wait(bench)
    // No permit is free: what is woken stays where it is.
    _ = bench.store.permits.take()
    let event = try bench.deliver(#"{"order":7,"by":"card"}"#)
    let retention = Retention(succeeded: .seconds(60), failed: .seconds(60), dedupe: .seconds(60))
    bench.time.advance(by: .seconds(1800))
    let sweep = Sweep(
      now: bench.time.now(), retention: retention, position: .events(after: RecordKey(rawValue: 0)))
    _ = try bench.store.perform(sweep)
    #expect(try bench.store.read { (snapshot) throws(StoreError) in try snapshot.event(event) } != nil)
    bench.store.permits.giveBack(1)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    bench.time.advance(by: .seconds(60))
    _ = try bench.store.perform(
      Sweep(now: bench.time.now(), retention: retention, position: .events(after: RecordKey(rawValue: 0))))
    #expect(try bench.store.read { (snapshot) throws(StoreError) in try snapshot.event(event) } == nil)
    #expect(try bench.story(key).last == #"after succeeded {"by":"card"}"#)
  }
}
