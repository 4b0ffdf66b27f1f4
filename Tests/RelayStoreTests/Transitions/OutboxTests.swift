import RelayModel
import Testing

@testable import RelayStore

@Suite struct OutboxTests {
  /// A store whose outbox holds `count` ends, an hour apart.
  private func filled(_ count: Int, _ status: ExecutionStatus = .succeeded) throws -> TestStore {
    let test = try TestStore()
    for _ in 0..<count {
      try test.end(try test.enqueue().executions[0], status)
      test.store.permits.giveBack()
      test.clock.pass(.seconds(3600))
    }
    return test
  }

  private func check(_ test: TestStore) throws {
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `numbers are dense, and what is acknowledged goes`() throws {
    let test = try filled(10)
    #expect(try test.store.read { try $0.outbox(after: 0, limit: 100) }.map(\.last) == Array(1...10))
    let state = try test.store.perform(AcknowledgeOutbox(upTo: 4))
    #expect(state.first == 5)
    #expect(state.pending == 6)
    #expect(try test.store.read { try $0.outbox(after: 4, limit: 2) }.map(\.last) == [5, 6])
    let beyond = try test.store.perform(AcknowledgeOutbox(upTo: 99))
    #expect(beyond.pending == 0)
    #expect(beyond.bytes == 0)
    #expect(try test.store.perform(AcknowledgeOutbox(upTo: 3)) == beyond)
    try check(test)
  }

  @Test func `a new epoch numbers what waits from 1`() throws {
    let test = try filled(5)
    _ = try test.store.perform(AcknowledgeOutbox(upTo: 3))
    let state = try test.store.perform(NewEpoch(epoch: "again"))
    #expect(state.first == 1)
    #expect(state.last == 2)
    #expect(test.store.epoch == "again")
    #expect(try test.store.read { try $0.outbox(after: 0, limit: 9) }.map(\.first) == [1, 2])
    try test.end(try test.enqueue().executions[0])
    #expect(try test.store.read { try $0.outbox(after: 2, limit: 9) }.map(\.last) == [3])
    #expect(try test.store.perform(AcknowledgeOutbox(upTo: 2)).first == 3)
    try test.reopen()
    #expect(test.store.epoch == "again")
    try check(test)
  }

  @Test func `too large, it loses step details first, the oldest first`() throws {
    let test = try filled(10, .failed)
    let bytes = try test.store.read { try $0.outboxState() }.bytes
    while try test.store.perform(
      ThinOutbox(now: test.now, bytes: bytes - 20, age: .seconds(1 << 30), limit: 3))
    {}
    let steps = try test.store.read { try $0.outbox(after: 0, limit: 99) }.map { entry -> Int in
      if case .end(let summary) = entry.content { summary.steps.count } else { -1 }
    }
    #expect(steps.first == 0)
    #expect(steps.last == 1)
    #expect(try test.store.read { try $0.outboxState() }.bytes <= bytes - 20)
    try check(test)
  }

  @Test func `larger still, the oldest are folded into hourly counts, and nothing is missing`() throws {
    let test = try filled(30)
    while try test.store.perform(ThinOutbox(now: test.now, bytes: 1200, age: .seconds(1 << 30), limit: 8)) {
      try check(test)
    }
    let entries = try test.store.read { try $0.outbox(after: 0, limit: 99) }
    #expect(entries.first?.first == 1)
    #expect(entries.last?.last == 30)
    for (one, next) in zip(entries, entries.dropFirst()) { #expect(next.first == one.last + 1) }
    guard case .rollup(let counts) = entries[0].content else { throw StoreError.closing }
    #expect(counts.reduce(0) { $0 + $1.count } == Int(entries[0].last))
    #expect(counts.allSatisfy { $0.workflow == "flow" && $0.status == .succeeded && $0.count == 1 })
    try check(test)
  }

  @Test func `what is older than the outbox may be is folded whatever its size`() throws {
    let test = try filled(20)
    while try test.store.perform(ThinOutbox(now: test.now, age: .seconds(10 * 3600), limit: 4)) {}
    let entries = try test.store.read { try $0.outbox(after: 0, limit: 99) }
    guard case .rollup = entries[0].content else { throw StoreError.closing }
    #expect(entries.count == 11)
    #expect(try test.store.perform(ThinOutbox(now: test.now, age: .seconds(10 * 3600))) == false)
    try check(test)
  }

  @Test func `when counts alone are too large, a loss is declared`() throws {
    let test = try filled(30)
    while try test.store.perform(ThinOutbox(now: test.now, bytes: 100, age: .seconds(1 << 30), limit: 4)) {}
    let entries = try test.store.read { try $0.outbox(after: 0, limit: 99) }
    #expect(entries.first?.first == 1)
    #expect(entries.last?.last == 30)
    try check(test)
  }
}
