import RelayModel
import Testing

@testable import RelayStore

@Suite struct EnqueueTests {
  @Test func `an accepted event is read back as it came`() throws {
    let test = try TestStore()
    let body = #"{"n":1.10,"text":"\u0000"}"#
    let answer = try test.enqueue(body: body)
    let event = try #require(try test.store.read { try $0.event(answer.event) })
    #expect(event.body == Array(body.utf8))
    #expect(event.record.hook == "github")
    #expect(event.record.type == "push")
    #expect(event.record.headers.first("content-type") == "application/json")
    #expect(event.record.executionCount == 1)
    #expect(event.executionKeys == answer.executions)
  }

  @Test(arguments: [0, 1, 1500, 1999, 2000, 4064, 4065, 8128, 100_000])
  func `a body of any size is read back whole`(size: Int) throws {
    let test = try TestStore()
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let answer = try test.store.perform(
      Enqueue(event: .sample(body: body, now: test.now), executions: [], mark: nil, now: test.now))
    try test.reopen()
    let event = try #require(try test.store.read { try $0.event(answer.event) })
    #expect(event.body == body)
  }

  @Test func `executions follow their event's key`() throws {
    let test = try TestStore()
    let answer = try test.enqueue(workflows: ["a", "b", "c"])
    #expect(answer.executions.map(\.rawValue) == (1...3).map { answer.event.rawValue + $0 })
  }

  @Test func `an execution with a permit starts with its event, its attempt counted`() throws {
    let test = try TestStore(executions: 1)
    let answer = try test.enqueue(workflows: ["a", "b"])
    let started = test.takeNotices().compactMap {
      if case .started(let started) = $0 { started } else { nil }
    }
    #expect(started.map(\.key) == [answer.executions[0]])
    #expect(started[0].event.body == Array("{}".utf8))
    let first = try #require(try test.execution(answer.executions[0]))
    #expect(first.status == .running)
    #expect(first.attempt == 1)
    #expect(test.store.permits.available == 0)
  }

  @Test func `an execution without a permit is due at once, and tells so`() throws {
    let test = try TestStore(executions: 0)
    let answer = try test.enqueue()
    let record = try #require(try test.execution(answer.executions[0]))
    #expect(record.status == .queued)
    #expect(record.attempt == 0)
    #expect(record.due == test.now)
    #expect(try test.store.read { try $0.nextDue() } == test.now)
    let due = test.takeNotices().compactMap { if case .due(let instant) = $0 { instant } else { nil } }
    #expect(due == [test.now])
  }

  @Test func `a crash before the commit leaves nothing, and a crash after it everything`() throws {
    let test = try TestStore()
    test.store.submit(
      Enqueue(event: .sample(now: test.now), executions: [], mark: nil, now: test.now)
    ) { _ in Issue.record("nobody is told of a commit that never came") }
    try test.crash(.crashBefore)
    #expect(try test.store.read { try $0.counters() }.events == 0)
    test.store.submit(
      Enqueue(event: .sample(now: test.now), executions: [], mark: nil, now: test.now)
    ) { _ in Issue.record("the process died before it could tell") }
    try test.crash(.crashAfter)
    #expect(try test.store.read { try $0.counters() }.events == 1)
  }

  @Test func `keys rise when the clock goes back`() throws {
    let test = try TestStore()
    let first = try test.enqueue()
    test.clock.pass(.seconds(-86_400))
    try test.reopen()
    let second = try test.enqueue()
    #expect(second.event > first.executions[0])
  }

  @Test func `one commit takes all that waits, and tells each its own answer`() throws {
    let test = try TestStore()
    let answers = Answers<EnqueueAnswer>()
    for _ in 0..<10 {
      test.store.submit(
        Enqueue(event: .sample(now: test.now), executions: [], mark: nil, now: test.now)
      ) { answers.put($0) }
    }
    #expect(answers.all.isEmpty)
    test.store.pump()
    #expect(Set(try answers.all.map { try $0.get().event }).count == 10)
  }
}
