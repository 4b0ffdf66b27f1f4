import RelayModel
import Testing

@testable import RelayStore

extension TestStore {
  /// A whole pass, in small commits.
  @discardableResult
  func sweep(_ retention: Retention, limit: Int = 3) throws -> SweepAnswer {
    var total = SweepAnswer()
    var position: SweepPosition? = .start
    while let from = position {
      let answer = try store.perform(Sweep(now: now, retention: retention, position: from, limit: limit))
      total.executions += answer.executions
      total.events += answer.events
      total.dedupe += answer.dedupe
      total.rejected += answer.rejected
      position = answer.next
    }
    return total
  }
}

@Suite struct SweepTests {
  private let retention = Retention(
    succeeded: .seconds(7 * 86_400), failed: .seconds(30 * 86_400), dedupe: .seconds(72 * 3600))

  @Test func `what succeeded goes before what failed, and an event with its last execution`() throws {
    let test = try TestStore()
    let keys = try test.enqueue(body: String(repeating: "x", count: 9000), workflows: ["a", "b"]).executions
    try test.end(keys[0])
    try test.end(keys[1], .failed)
    test.clock.pass(.seconds(8 * 86_400))
    #expect(try test.sweep(retention).executions == 1)
    #expect(try test.execution(keys[0]) == nil)
    #expect(try test.execution(keys[1]) != nil)
    #expect(try test.store.read { try $0.counters() }.events == 1)
    test.clock.pass(.seconds(23 * 86_400))
    let last = try test.sweep(retention)
    #expect(last.executions == 1)
    #expect(last.events == 1)
    try test.store.read { snapshot throws in
      for database in [Database.events, .bodies, .executions, .journal, .byWorkflow, .byStatus, .pieces] {
        #expect(snapshot.count(database) == 0, "\(database)")
      }
      #expect(try Checker.check(snapshot).findings == [])
    }
  }

  @Test func `what has not ended stays, whatever its age, and so does its event`() throws {
    let test = try TestStore(executions: 0)
    let answer = try test.enqueue()
    test.clock.pass(.seconds(400 * 86_400))
    try test.sweep(retention)
    #expect(try test.execution(answer.executions[0])?.status == .queued)
    #expect(try test.store.read { try $0.event(answer.event) } != nil)
  }

  @Test func `an event stays while a replay of it does`() throws {
    let test = try TestStore()
    let answer = try test.enqueue(workflows: ["a"])
    try test.end(answer.executions[0])
    test.clock.pass(.seconds(7 * 86_400))
    let new = NewExecution(workflow: "a", version: 1, origin: .replay)
    let replayed = try #require(
      try test.store.perform(Replay(event: answer.event, executions: [new], background: false, now: test.now))
    )
    test.clock.pass(.seconds(60))
    #expect(try test.sweep(retention).executions == 1)
    #expect(try test.store.read { try $0.executionsOf(event: answer.event) } == replayed)
    #expect(try test.store.read { try $0.event(answer.event) } != nil)
  }

  @Test func `old marks go, and a long pass takes many commits`() throws {
    let test = try TestStore()
    for number in 0..<100 { try test.enqueue(workflows: [], mark: .sample(UInt64(number))) }
    test.clock.pass(.seconds(73 * 3600))
    for number in 100..<120 { try test.enqueue(workflows: [], mark: .sample(UInt64(number))) }
    #expect(try test.sweep(retention).dedupe == 100)
    #expect(try test.store.read { $0.count(.dedupe) } == 20)
  }
}
