import RelayModel
import RelayThreads
import Synchronization
import Testing

@testable import RelayService
@testable import RelayStore

@Suite struct GovernorTests {
  private struct Bits: RandomSource {
    func bits() -> UInt64 { 7 }
  }

  private final class Clock: TimeSource {
    private let instant = Mutex(Timestamp(seconds: 1_790_000_000))
    func now() -> Timestamp { instant.withLock { $0 } }
    func elapsed() -> Duration { now() - .epoch }
    func pass(_ span: Duration) { instant.withLock { $0 = $0 + span } }
  }

  private static let retention = Retention(
    succeeded: .seconds(3600), failed: .seconds(3600), dedupe: .seconds(60))

  private func bench(_ body: (Store, Maintenance, Clock) throws -> Void) throws {
    let (folder, clock) = (TestFolder(), Clock())
    let store = try Store.open(
      StoreConfiguration(
        directory: folder.path, maxSize: .mebibytes(16), growth: ByteCount(0), durability: .none,
        executions: 100_000), time: clock, random: Bits())
    defer { store.drainAndClose() }
    try body(
      store, Maintenance(store: store, retention: Self.retention, time: clock, log: SilentLog()), clock)
    #expect(try store.read { try Checker.check($0) }.findings == [])
  }

  /// Accepts events until the store is over `share` of its size; each ends as `status`, nil for not at all.
  @discardableResult
  private func fill(_ store: Store, _ clock: Clock, over share: Double, _ status: ExecutionStatus?) throws
    -> Int
  {
    var count = 0
    while try !store.measure().isOver(share) {
      for _ in 0..<50 {
        let record = EventRecord(
          hook: "github", method: "POST", target: "/", headers: HeaderFields(), client: "192.0.2.1",
          receivedAt: clock.now())
        let answer = try store.perform(
          Enqueue(
            event: NewEvent(record: record, body: [UInt8](repeating: 1, count: 3000)),
            executions: [NewExecution(workflow: "flow", version: 1)], mark: nil, now: clock.now()))
        count += 1
        guard let status else { continue }
        let failure = status == .failed ? Failure(step: "a", code: "b", message: "c") : nil
        let end = Advance(
          execution: answer.executions[0], revision: 0, journal: [],
          next: .end(status, failure: failure, resumeAt: nil, summary: nil), at: clock.now())
        #expect(try store.perform(end) == .recorded)
      }
    }
    return count
  }

  @Test func `a store that fills up is relieved before it refuses, and is watched meanwhile`() throws {
    try bench { store, maintenance, clock in
      try maintenance.govern()
      #expect(maintenance.fillingUp == nil)
      try fill(store, clock, over: 0.75, .succeeded)
      try maintenance.govern()
      #expect(maintenance.fillingUp != nil, "it is looked at every second")
      let accepted = try fill(store, clock, over: Governor.begins, .succeeded)
      try maintenance.govern()
      let use = try store.measure()
      #expect(!use.isOver(Governor.ends + 0.01) && use.isOver(Governor.ends - 0.05), "no more than has to go")
      #expect(accepted > 0)
      #expect(store.health.state == .accepting)
    }
  }

  @Test func `what retention allows goes before anything else`() throws {
    try bench { store, maintenance, clock in
      try fill(store, clock, over: 0.3, .succeeded)
      clock.pass(.seconds(3601))
      let kept = try fill(store, clock, over: Governor.begins, .succeeded)
      try maintenance.govern()
      #expect(try store.read { try $0.counters() }.events == kept, "only what was old enough")
    }
  }

  @Test func `a relief that was not enough is not made again at once`() throws {
    try bench { store, maintenance, clock in
      try fill(store, clock, over: Governor.begins, .failed)
      try maintenance.govern()
      try fill(store, clock, over: Governor.begins + 0.03, .succeeded)
      let events = try store.read { try $0.counters() }.events
      try maintenance.govern()
      #expect(try store.read { try $0.counters() }.events == events, "what is full of dead letters stays so")
      clock.pass(Maintenance.interval)
      try maintenance.govern()
      #expect(try store.read { try $0.counters() }.events < events)
    }
  }

  @Test func `dead letters and what has not ended fill it up to the reserve, which is told`() throws {
    try bench { store, maintenance, clock in
      let failed = try fill(store, clock, over: 0.4, .failed)
      let open = try fill(store, clock, over: Governor.begins, nil)
      try maintenance.govern()
      #expect(try store.read { try $0.counters() }.events == failed + open)
      let use = try #require(maintenance.fillingUp)
      #expect(use.isOver(Governor.begins))
      #expect(use.warning.hasPrefix("the store is 8"))
      #expect(throws: StoreError.self) { try fill(store, clock, over: 1, nil) }
    }
  }
}
