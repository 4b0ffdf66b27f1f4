import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// A store that refuses, and documents that cannot be read.
@Suite struct TroubleTests {
  private let sample =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/"}}]}"#
  private let waits =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","wait":"100ms"},{"id":"b","set":{}}]}"#

  @Test func `a record that finds no room is offered again, and nothing is begun meanwhile`() throws {
    let bench = try EngineBench()
    let waiting = try bench.accept(waits)
    let key = try bench.accept(sample)
    bench.transport.answer(200)
    bench.core.run()
    // The second run of this process: the store never refused it, but the engine hears so.
    bench.put(.recorded(key, run: 2, .failure(.diskFull("no space left"))))
    bench.core.run()
    #expect(bench.core.nextDeadline == bench.time.elapsed() + EngineBounds.recordPause)
    bench.time.advance(by: .milliseconds(200))
    bench.core.run()
    bench.store.pump()
    #expect(try bench.execution(waiting).status == .waiting)
    bench.pass(.milliseconds(50))
    bench.pass(.milliseconds(1))
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.execution(waiting).status == .succeeded)
    #expect(bench.store.permits.available == 256)
  }

  @Test(arguments: [
    #""parallel":{"x":[{"id":"c","http":{"url":"https://x.example/"}}],"y":[{"id":"c","wait":"1ms"}]}"#,
    #""run":{"workflow":"child"}"#,
  ])
  func `what a full store has no room to begin is put off, and holds nobody up`(verb: String) throws {
    let bench = try EngineBench(executions: 1)
    let child = try bench.register(
      #"{"name":"child","on":{"hook":"never"},"steps":[{"id":"s","set":{"n":1}}]}"#)
    bench.configuration.workflows = ["child": RunnableWorkflow(version: child, hook: nil, priority: 0)]
    bench.put(.configure(bench.configuration))
    let wants = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"rest","wait":"1m"},{"id":"a",\#(verb)}]}"#)
    let other = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"rest","wait":"2m"},{"id":"b","set":{}}]}"#)
    for size in [1 << 20, 1 << 14, 100] {
      let body = String(repeating: "x", count: size)
      #expect(throws: StoreError.self) { while true { try bench.deliver(body, settles: false) } }
    }
    bench.pass(.seconds(61))
    #expect(try bench.execution(wants).reason == "the store has no room for what this step starts")
    #expect(try bench.execution(wants).dueAt == bench.time.now() + EngineBounds.roomPause)
    bench.pass(.seconds(60))
    #expect(try bench.execution(other).status == .succeeded, "it needs none")
    #expect(try bench.findings() == [])
    let retention = Retention(succeeded: .seconds(1), failed: .seconds(1), dedupe: .seconds(1))
    var place: SweepPosition? = .start
    while let position = place {
      place = try bench.store.perform(
        Sweep(now: bench.time.now(), retention: retention, position: position)
      ).next
    }
    bench.pass(.seconds(6))
    if !bench.transport.open.isEmpty { bench.transport.answer(200) }
    bench.settle()
    bench.pass(.seconds(1))
    #expect(try bench.execution(wants).status == .succeeded)
    #expect(try bench.story(wants).filter { $0.hasPrefix("a ") }.count == 1)
    #expect(try bench.findings() == [])
  }

  @Test func `a store that failed for good ends the engine`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.transport.answer(200)
    bench.core.run()
    bench.put(.recorded(key, run: 1, .failure(.ioFailed("fdatasync"))))
    bench.core.run()
    #expect(bench.core.stage == .failed)
    #expect(bench.core.isDrained)
    #expect(bench.core.nextDeadline == nil)
  }

  @Test func `an execution whose document cannot be read fails, and says so`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(#"{"name":"sample","steps":"none"}"#)
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "document")
    #expect(bench.store.permits.available == 256)
  }

  @Test func `an execution of a version that is gone fails, and says so`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(version: 77)
    #expect(try bench.execution(key).failure?.code == "document")
  }

  @Test func `answers of transfers that nobody waits for are dropped`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    let answer = HTTPAnswer(status: 200, headers: HeaderFields(), body: [], url: "https://x.example/")
    bench.put(.answered(key, transfer: 99, .success(answer)))
    bench.put(.answered(RecordKey(rawValue: 1), transfer: 1, .success(answer)))
    bench.put(.recorded(key, run: 99, .success(.recorded)))
    bench.settle()
    #expect(try bench.execution(key).status == .running)
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `cancelled and retried in one go, the old transfer goes and the new one counts`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.store.submit(Cancel(execution: key, now: bench.time.now())) { _ in }
    bench.store.submit(RetryExecution(execution: key, now: bench.time.now())) { _ in }
    bench.settle()
    #expect(bench.transport.sent.count == 2)
    #expect(bench.transport.sent[0].isCancelled)
    bench.transport.answer(200, number: 1)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.store.permits.available == 256)
  }
}
