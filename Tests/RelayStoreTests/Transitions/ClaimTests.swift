import RelayModel
import Testing

@testable import RelayStore

@Suite struct ClaimTests {
  @Test func `the higher priority goes first, then the earlier`() throws {
    let test = try TestStore(executions: 0)
    let low = try test.enqueue(priority: 1).executions[0]
    test.clock.pass(.milliseconds(5))
    let firstHigh = try test.enqueue(priority: 9).executions[0]
    test.clock.pass(.milliseconds(5))
    let secondHigh = try test.enqueue(priority: 9).executions[0]
    let claimed = try test.store.perform(Claim(now: test.now, limit: 10))
    #expect(claimed.map(\.key) == [firstHigh, secondHigh, low])
  }

  @Test func `bulk replay goes after everything live`() throws {
    let test = try TestStore(executions: 0)
    let old = try test.enqueue(workflows: [])
    let new = NewExecution(workflow: "flow", version: 1, priority: 9, origin: .replay)
    let replayed = try #require(
      try test.store.perform(Replay(event: old.event, executions: [new], background: true, now: test.now)))
    let live = try test.enqueue(priority: 0).executions[0]
    let claimed = try test.store.perform(Claim(now: test.now, limit: 10))
    #expect(claimed.map(\.key) == [live, replayed[0]])
  }

  @Test func `what is not due yet stays, and the limit holds`() throws {
    let test = try TestStore(executions: 0)
    let keys = try (0..<5).map { _ in try test.enqueue().executions[0] }
    #expect(try test.store.perform(Claim(now: test.now - .milliseconds(1), limit: 10)).isEmpty)
    #expect(try test.store.perform(Claim(now: test.now, limit: 2)).map(\.key) == Array(keys[..<2]))
    #expect(try test.store.perform(Claim(now: test.now, limit: 0)).isEmpty)
    #expect(try test.store.perform(Claim(now: test.now, limit: 10)).map(\.key) == Array(keys[2...]))
    #expect(try test.store.read { try $0.nextDue() } == nil)
  }

  @Test func `beyond the permits in hand, one is taken for each that is found`() throws {
    let test = try TestStore(executions: 0)
    let keys = try (0..<5).map { _ in try test.enqueue().executions[0] }
    test.store.permits.giveBack(8)
    #expect(try test.store.perform(Claim(now: test.now, held: 2, limit: 3)).map(\.key) == Array(keys[..<3]))
    #expect(test.store.permits.available == 7)
    #expect(try test.store.perform(Claim(now: test.now, held: 0, limit: 9)).map(\.key) == Array(keys[3...]))
    #expect(test.store.permits.available == 5)
    #expect(try test.store.perform(Claim(now: test.now, held: 0, limit: 9)).isEmpty)
    #expect(test.store.permits.available == 5)
  }

  @Test func `without another permit a claim ends with those in hand`() throws {
    let test = try TestStore(executions: 0)
    let keys = try (0..<3).map { _ in try test.enqueue().executions[0] }
    #expect(try test.store.perform(Claim(now: test.now, held: 1, limit: 9)).map(\.key) == [keys[0]])
    #expect(try test.store.perform(Claim(now: test.now, held: 0, limit: 9)).isEmpty)
    #expect(test.store.permits.available == 0)
    test.store.permits.giveBack()
    #expect(try test.store.perform(Claim(now: test.now, held: 0, limit: 9)).map(\.key) == [keys[1]])
    #expect(test.store.permits.available == 0)
  }

  @Test func `a claim is durable before it is answered`() throws {
    let test = try TestStore(executions: 0)
    let key = try test.enqueue().executions[0]
    test.store.submit(Claim(now: test.now, limit: 1)) { _ in }
    try test.crash(.crashAfter)
    let record = try #require(try test.execution(key))
    #expect(record.status == .running)
    #expect(record.attempt == 1)
  }
}

@Suite struct RecoverTests {
  @Test func `what was under way starts again, its attempt counted and a permit taken`() throws {
    let test = try TestStore(executions: 3)
    let keys = try test.enqueue(workflows: ["a", "b"]).executions
    try test.reopen()
    let answer = try test.store.perform(Recover(now: test.now))
    #expect(answer.started.map(\.key) == keys)
    #expect(answer.started.allSatisfy { $0.record.attempt == 2 && $0.record.crashes == 1 })
    #expect(test.store.permits.available == 1)
  }

  @Test func `the third death in a row quarantines, and an outcome in between forgives`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    try recoverTwice(test, key)
    _ = try test.store.perform(
      Advance(
        execution: key, revision: 0, journal: [.sample(at: test.now)], next: .step(StepPath.start.next),
        at: test.now))
    try recoverTwice(test, key)
    let last = try recover(test)
    #expect(last.poisoned == [key])
    let record = try #require(try test.execution(key))
    #expect(record.status == .failed)
    #expect(record.failure?.code == "poison")
    #expect(try test.store.read { try $0.outboxState() }.pending == 1)
  }

  @Test func `what died twice is taken up one after another, and not counted while it waits`() throws {
    let test = try TestStore(executions: 5)
    let keys = try test.enqueue(workflows: ["a", "b", "c"]).executions
    try recover(test)
    let second = try recover(test)
    #expect(second.started.isEmpty)
    #expect(second.parked == keys)
    let third = try recover(test)
    #expect(third.poisoned.isEmpty)
    let dues = try keys.map { try #require(try test.execution($0)?.due) - test.now }
    #expect(dues == [.milliseconds(500), .milliseconds(600), .milliseconds(700)])
  }

  @Test func `of those with two crashes behind them a claim takes one, however many are due`() throws {
    let test = try TestStore(executions: 3)
    let keys = try test.enqueue(workflows: ["a", "b", "c"]).executions
    try recover(test)
    try recover(test)
    test.clock.pass(.seconds(60))
    #expect(try test.store.perform(Claim(now: test.now, limit: 10)).map(\.key) == [keys[0]])
    let dues = try keys.dropFirst().map { try #require(try test.execution($0)?.due) - test.now }
    #expect(dues == [.milliseconds(100), .milliseconds(200)])
  }

  /// Two deaths, and the claim that takes the execution up again after the second.
  private func recoverTwice(_ test: TestStore, _ key: RecordKey) throws {
    #expect(try recover(test).started.map(\.key) == [key])
    #expect(try recover(test).parked == [key])
    #expect(try test.execution(key)?.crashes == 2)
    test.clock.pass(StoreLimits.suspectDelay)
    #expect(test.store.permits.take())
    #expect(try test.store.perform(Claim(now: test.now, limit: 1)).map(\.key) == [key])
  }

  @Test func `beyond the limit the rest is due now`() throws {
    let test = try TestStore(executions: 5)
    let keys = try test.enqueue(workflows: ["a", "b", "c"]).executions
    try test.reopen()
    let answer = try test.store.perform(Recover(now: test.now, limit: 1))
    #expect(answer.started.map(\.key) == [keys[0]])
    #expect(answer.parked == Array(keys[1...]))
    #expect(try test.store.read { try $0.nextDue() } == test.now)
  }

  @discardableResult
  private func recover(_ test: TestStore) throws -> RecoverAnswer {
    try test.reopen()
    return try test.store.perform(Recover(now: test.now))
  }
}
