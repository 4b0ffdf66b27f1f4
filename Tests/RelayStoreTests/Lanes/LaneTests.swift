import RelayModel
import Testing

@testable import RelayStore

/// Executions that wait for each other.
@Suite struct LaneTests {
  private let test: TestStore

  init() throws { test = try TestStore() }

  private static func lane(_ name: UInt8, width: Int = 1, _ kind: Lane.Kind = .order) -> Lane {
    Lane(kind, id: [UInt8](repeating: name, count: 16), width: width)
  }

  private func enqueue(_ lanes: [Lane]) throws -> RecordKey {
    let answer = try test.store.perform(
      Enqueue(
        event: .sample(hook: "github", body: [], now: test.now),
        executions: [NewExecution(workflow: "flow", version: 1, lanes: lanes)], mark: nil, now: test.now))
    return answer.executions[0]
  }

  private func status(_ key: RecordKey) throws -> ExecutionStatus? { try test.execution(key)?.status }

  private func expectSound(_ comment: Comment? = nil) throws {
    #expect(try test.store.read { try Checker.check($0) }.findings == [], comment)
  }

  private func claim() throws -> [RecordKey] {
    try test.store.perform(Claim(now: test.now, limit: 64)).map(\.key)
  }

  @Test func `those of a lane run one at a time, in the order in which they came`() throws {
    let keys = try (0..<4).map { _ in try enqueue([Self.lane(1)]) }
    let other = try enqueue([Self.lane(2)])
    #expect(try keys.map(status) == [.running, .queued, .queued, .queued])
    #expect(try status(other) == .running)
    #expect(try test.execution(keys[1])?.reason?.hasPrefix("waiting for its turn") == true)
    #expect(try claim().isEmpty)
    try expectSound()
    for (index, key) in keys.enumerated() {
      if index > 0 { #expect(try claim() == [key]) }
      test.clock.pass(.seconds(1))
      try test.end(key, index == 1 ? .failed : .succeeded)
      try expectSound("after the end of \(index)")
    }
    #expect(try claim().isEmpty)
    #expect(try test.store.read { $0.count(.lanes) } == 1, "the other one is under way")
  }

  @Test func `as many go through as the lane is wide, and who waits or backs off keeps its place`() throws {
    let lane = Self.lane(1, width: 2, .concurrency)
    let keys = try (0..<4).map { _ in try enqueue([lane]) }
    #expect(try keys.map(status) == [.running, .running, .queued, .queued])
    let wait = Advance.Wait(
      position: .start, until: test.now + .seconds(60), reason: "waiting for 1m", attempt: 0,
      firstAttemptAt: nil)
    _ = try test.store.perform(
      Advance(execution: keys[0], revision: 0, journal: [], next: .wait(wait), at: test.now))
    #expect(try claim().isEmpty)
    try test.end(keys[1])
    #expect(try claim() == [keys[2]])
    try expectSound()
  }

  @Test func `a cancel frees the lane, whether it runs or waits for its turn`() throws {
    let keys = try (0..<3).map { _ in try enqueue([Self.lane(1)]) }
    _ = try test.store.perform(Cancel(execution: keys[1], now: test.now))
    try expectSound()
    #expect(try claim().isEmpty)
    _ = try test.store.perform(Cancel(execution: keys[0], now: test.now))
    try expectSound()
    #expect(try claim() == [keys[2]])
  }

  @Test func `a retried one joins the tail`() throws {
    let keys = try (0..<3).map { _ in try enqueue([Self.lane(1)]) }
    try test.end(keys[0], .failed)
    #expect(try claim() == [keys[1]])
    _ = try test.store.perform(RetryExecution(execution: keys[0], now: test.now))
    #expect(try status(keys[0]) == .waiting)
    try expectSound()
    try test.end(keys[1])
    #expect(try claim() == [keys[2]])
    try test.end(keys[2])
    #expect(try claim() == [keys[0]])
    try test.end(keys[0])
    try expectSound()
    #expect(try test.store.read { $0.count(.lanes) } == 0)
  }

  @Test func `order comes before concurrency, and both are held to`() throws {
    let wide = Self.lane(9, width: 1, .concurrency)
    let first = try enqueue([Self.lane(1), wide])
    let second = try enqueue([Self.lane(2), wide])
    let third = try enqueue([Self.lane(1), wide])
    #expect(try [first, second, third].map(status) == [.running, .queued, .queued])
    try test.end(first)
    try expectSound()
    #expect(try claim() == [second], "the third came to the second lane after it")
    try test.end(second)
    #expect(try claim() == [third])
    try test.end(third)
    try expectSound()
  }

  @Test func `an end is seen by the next after a crash at either side of its commit`() throws {
    for fate in [CommitFate.crashBefore, .crashAfter] {
      let test = try TestStore()
      let lane = Self.lane(1)
      var keys: [RecordKey] = []
      for _ in 0..<2 {
        keys += try test.store.perform(
          Enqueue(
            event: .sample(hook: "github", body: [], now: test.now),
            executions: [NewExecution(workflow: "flow", version: 1, lanes: [lane])], mark: nil, now: test.now)
        ).executions
      }
      test.store.submit(
        Advance(
          execution: keys[0], revision: 0, journal: [],
          next: .end(.succeeded, failure: nil, resumeAt: nil, summary: nil), at: test.now)
      ) { _ in }
      try test.crash(fate)
      _ = try test.store.perform(Recover(now: test.now))
      let claimed = try test.store.perform(Claim(now: test.now, limit: 9)).map(\.key)
      #expect(claimed == (fate == .crashAfter ? [keys[1]] : []))
      #expect(try test.store.read { try Checker.check($0) }.findings == [])
    }
  }

  @Test func `a holder that cannot be read any more holds nothing once somebody comes`() throws {
    let first = try enqueue([Self.lane(1)])
    try test.store.perform(Spoil(database: .executions, key: KeyBytes(first)))
    let second = try enqueue([Self.lane(1)])
    #expect(try status(second) == .running)
  }
}

/// Overwrites a record with what no record looks like.
private struct Spoil: Transition {
  let database: Database
  let key: KeyBytes

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(database, key, Piece([1, 2, 3]))
  }
}
