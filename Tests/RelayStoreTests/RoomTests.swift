import RelayModel
import Testing

@testable import RelayStore

@Suite struct RoomTests {
  /// Accepts events until the store refuses.
  private func fill(_ test: TestStore, body: Int = 3000) throws -> [EnqueueAnswer] {
    var accepted: [EnqueueAnswer] = []
    let bytes = [UInt8](repeating: 1, count: body)
    while accepted.count < 100_000 {
      do {
        accepted.append(
          try test.store.perform(
            Enqueue(
              event: .sample(body: bytes, now: test.now),
              executions: [NewExecution(workflow: "flow", version: 1)], mark: .sample(UInt64(accepted.count)),
              now: test.now)))
      } catch .full {
        return accepted
      }
    }
    throw StoreError.closing
  }

  @Test func `a full store refuses what is new, and still ends, cancels and deletes`() throws {
    let test = try TestStore(executions: 100_000, maxSize: .mebibytes(16))
    let accepted = try fill(test)
    #expect(accepted.count > 1000)
    guard case .full = test.store.health.state else { throw StoreError.closing }
    for answer in accepted.prefix(500) { #expect(try test.end(answer.executions[0]) == .recorded) }
    for answer in accepted.dropFirst(500) {
      #expect(try test.store.perform(Cancel(execution: answer.executions[0], now: test.now)) == .cancelled)
    }
    test.clock.pass(.seconds(100))
    let swept = try test.sweep(
      Retention(succeeded: .seconds(1), failed: .seconds(1), dedupe: .seconds(1)), limit: 50)
    #expect(swept.events == accepted.count)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `once there is room again it accepts again, by itself`() throws {
    let test = try TestStore(executions: 100_000, maxSize: .mebibytes(16))
    let accepted = try fill(test)
    for answer in accepted { try test.end(answer.executions[0]) }
    _ = try test.store.perform(AcknowledgeOutbox(upTo: .max, limit: .max))
    test.clock.pass(.seconds(100))
    try test.sweep(Retention(succeeded: .seconds(1), failed: .seconds(1), dedupe: .seconds(1)), limit: 50)
    let again = try fill(test)
    #expect(again.count > accepted.count / 2)
    #expect(try Files.size(of: "\(test.folder.path)/data.mdb") <= 16 << 20)
    try test.reopen()
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  private func fork(_ key: RecordKey, _ test: TestStore) -> Advance {
    Advance(
      execution: key, revision: 0, journal: [],
      next: .fork(NewFork(block: .start, turns: 1000, width: 1000)), at: test.now)
  }

  @Test func `room is kept back for every branch that is under way`() throws {
    let test = try TestStore(executions: 3, maxSize: .mebibytes(16))
    let keys = try (0..<3).map { _ in try test.enqueue().executions[0] }
    for key in keys { #expect(try test.store.perform(fork(key, test)) == .recorded) }
    _ = try fill(test)
    #expect(test.store.health.used.bytes < 16 << 20 - 3000 * StoreLimits.reservePerExecution)
  }

  @Test func `branches begin only where there is room, and are put off without any`() throws {
    let test = try TestStore(executions: 3, maxSize: .mebibytes(16))
    let key = try test.enqueue().executions[0]
    _ = try fill(test)
    let branches = fork(key, test)
    #expect(throws: StoreError.self) { try test.store.perform(branches) }
    let late = branches.putOff(at: .start, until: test.now + .seconds(5))
    #expect(try test.store.perform(late) == .recorded)
    #expect(try test.execution(key)?.dueAt == test.now + .seconds(5))
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `what does not fit spoils nobody else's part of the commit`() throws {
    let test = try TestStore(executions: 100_000, maxSize: .mebibytes(16))
    let key = try test.enqueue().executions[0]
    let large = Answers<EnqueueAnswer>()
    let ended = Answers<AdvanceAnswer>()
    let body = [UInt8](repeating: 1, count: 17 << 20)
    let enqueue = Enqueue(event: .sample(body: body, now: test.now), executions: [], mark: nil, now: test.now)
    test.store.submit(Understated(enqueue: enqueue)) { large.put($0) }
    test.store.submit(
      Advance(
        execution: key, revision: 0, journal: [.sample(at: test.now)],
        next: .end(.succeeded, failure: nil, resumeAt: nil, summary: nil), at: test.now)
    ) { ended.put($0) }
    test.store.pump()
    guard case .failure(.full) = large.all.first else { throw StoreError.closing }
    #expect(try ended.all.first?.get() == .recorded)
    #expect(try test.execution(key)?.status == .succeeded)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a permit taken in a commit that failed is given back`() throws {
    let test = try TestStore(executions: 3, maxSize: .mebibytes(16))
    let body = [UInt8](repeating: 1, count: 17 << 20)
    let enqueue = Enqueue(
      event: .sample(body: body, now: test.now), executions: [NewExecution(workflow: "a", version: 1)],
      mark: nil,
      now: test.now)
    #expect(throws: StoreError.self) { try test.store.perform(enqueue) }
    #expect(throws: StoreError.self) { try test.store.perform(Understated(enqueue: enqueue)) }
    #expect(test.store.permits.available == 3)
  }
}

/// Says that it writes less than it does, so that LMDB is what refuses.
private struct Understated: Transition {
  let enqueue: Enqueue
  var needsRoom: Bool { true }

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> EnqueueAnswer {
    try enqueue.apply(&transaction)
  }
}

@Suite struct StartPermitsTests {
  @Test func `there are as many as were given, whoever asks`() {
    let permits = StartPermits(3)
    #expect(permits.take())
    #expect(permits.take(upTo: 5) == 2)
    #expect(!permits.take())
    permits.giveBack(2)
    #expect(permits.take(upTo: 1) == 1)
    permits.adjust(by: -2)
    #expect(permits.available == -1)
    #expect(permits.take(upTo: 9) == 0)
    permits.takeRegardless(1)
    #expect(permits.available == -2)
    permits.giveBack(3)
    #expect(permits.available == 1)
  }
}
