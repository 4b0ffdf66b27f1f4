import RelayModel
import Testing

@testable import RelayStore

/// Executions that wait for quiet, and those that come too soon.
@Suite struct PacingTests {
  private let test: TestStore

  init() throws { test = try TestStore() }

  private static func id(_ name: UInt8) -> [UInt8] { [UInt8](repeating: name, count: 16) }

  private static func debounce(_ name: UInt8 = 1, most: Duration? = nil) -> Pacing {
    .debounce(id: id(name), quiet: .seconds(10), most: most)
  }

  private static func throttle(_ name: UInt8 = 1, limit: Int = 2) -> Pacing {
    .throttle(id: id(name), limit: limit, span: .seconds(60))
  }

  @discardableResult
  private func enqueue(_ pacing: Pacing?, _ lanes: [Lane] = []) throws -> RecordKey {
    let answer = try test.store.perform(
      Enqueue(
        event: .sample(hook: "github", body: [], now: test.now),
        executions: [NewExecution(workflow: "flow", version: 1, lanes: lanes, pacing: pacing)], mark: nil,
        now: test.now))
    return answer.executions[0]
  }

  private func status(_ key: RecordKey) throws -> ExecutionStatus? { try test.execution(key)?.status }

  private func claim() throws -> [RecordKey] {
    try test.store.perform(Claim(now: test.now, limit: 64)).map(\.key)
  }

  private func expectSound(_ comment: Comment? = nil) throws {
    #expect(try test.store.read { try Checker.check($0) }.findings == [], comment)
  }

  // MARK: Debounce

  @Test func `of a burst the last one runs once it is quiet, and the others say who took their place`() throws
  {
    var keys: [RecordKey] = []
    for _ in 0..<4 {
      keys.append(try enqueue(Self.debounce()))
      test.clock.pass(.seconds(6))
      #expect(try claim().isEmpty)
      try expectSound()
    }
    #expect(try keys.map(status) == [.cancelled, .cancelled, .cancelled, .queued])
    let failure = try #require(try test.execution(keys[0])?.failure)
    #expect(failure.code == "debounced")
    #expect(failure.message.hasSuffix(test.store.tag.id(.execution, keys[1])))
    test.clock.pass(.seconds(4))
    #expect(try claim() == [keys[3]])
    try expectSound()
    #expect(try test.store.read { $0.count(.lanes) } == 0)
  }

  @Test func `a burst that does not end runs after the longest wait`() throws {
    var keys: [RecordKey] = []
    for _ in 0..<5 {
      keys.append(try enqueue(Self.debounce(most: .seconds(25))))
      test.clock.pass(.seconds(6))
    }
    // 25 s after the first, 1 s after the last.
    #expect(try claim() == [keys[4]])
    let next = try enqueue(Self.debounce(most: .seconds(25)))
    #expect(try status(keys[4]) == .running, "what has begun keeps its place")
    test.clock.pass(.seconds(9))
    #expect(try claim().isEmpty, "the longest wait begins again")
    test.clock.pass(.seconds(1))
    #expect(try claim() == [next])
    try expectSound()
  }

  @Test func `keys wait apart, and an execution without one at all`() throws {
    let first = try enqueue(Self.debounce(1))
    let second = try enqueue(Self.debounce(2))
    let free = try enqueue(nil)
    #expect(try [first, second, free].map(status) == [.queued, .queued, .running])
    test.clock.pass(.seconds(10))
    #expect(try claim() == [first, second])
  }

  @Test func `a burst goes on over a restart, and a death at either side of a commit`() throws {
    let first = try enqueue(Self.debounce())
    try test.reopen()
    let second = try enqueue(Self.debounce())
    #expect(try [first, second].map(status) == [.cancelled, .queued])
    for fate in [CommitFate.crashBefore, .crashAfter] {
      test.store.submit(
        Enqueue(
          event: .sample(hook: "github", body: [], now: test.now),
          executions: [NewExecution(workflow: "flow", version: 1, pacing: Self.debounce())], mark: nil,
          now: test.now)
      ) { _ in }
      try test.crash(fate)
      #expect(try status(second) == (fate == .crashAfter ? .cancelled : .queued))
      try expectSound()
    }
    test.clock.pass(.seconds(10))
    #expect(try claim().count == 1)
  }

  @Test func `a cancel ends a burst, and a retry does not wait for quiet`() throws {
    let first = try enqueue(Self.debounce())
    let second = try enqueue(Self.debounce())
    _ = try test.store.perform(Cancel(execution: second, now: test.now))
    try expectSound()
    #expect(try test.store.read { $0.count(.lanes) } == 0)
    #expect(
      try test.store.perform(RetryExecution(execution: first, now: test.now)) == .retried(first))
    #expect(try claim() == [first])
    let third = try enqueue(Self.debounce())
    #expect(try [first, third].map(status) == [.running, .queued])
    try expectSound()
  }

  @Test func `who has waited for quiet comes into its other lanes then`() throws {
    let lane = Lane(.order, id: Self.id(7), width: 1)
    let first = try enqueue(nil, [lane])
    let paced = try enqueue(Self.debounce(), [lane])
    #expect(try test.store.read { $0.count(.lanes) } == 2)
    let third = try enqueue(nil, [lane])
    test.clock.pass(.seconds(10))
    #expect(try claim().isEmpty)
    try expectSound()
    #expect(try test.execution(paced)?.reason?.hasPrefix("waiting for its turn") == true)
    try test.end(first)
    #expect(try claim().count == 1)
    for key in try [paced, third].filter({ try status($0) == .running }) { try test.end(key) }
    #expect(try claim().count == 1)
    try expectSound()
  }

  // MARK: Throttle

  @Test func `as many begin in a span as the limit says, and the others say why they did not`() throws {
    var keys: [RecordKey] = []
    for _ in 0..<4 {
      keys.append(try enqueue(Self.throttle()))
      test.clock.pass(.seconds(10))
    }
    #expect(try keys.map(status) == [.running, .running, .cancelled, .cancelled])
    #expect(try test.execution(keys[2])?.failure?.code == "throttled")
    #expect(try status(enqueue(Self.throttle(2))) == .running, "another key")
    try test.reopen()
    test.clock.pass(.seconds(19))
    #expect(try status(enqueue(Self.throttle())) == .cancelled, "59 s after the first")
    test.clock.pass(.seconds(1))
    #expect(try status(enqueue(Self.throttle())) == .running, "the span slides")
    #expect(try status(enqueue(Self.throttle())) == .cancelled)
    try expectSound()
  }

  @Test func `one that came too soon can be run all the same`() throws {
    _ = try enqueue(Self.throttle(limit: 1))
    let late = try enqueue(Self.throttle(limit: 1))
    #expect(try test.store.perform(RetryExecution(execution: late, now: test.now)) == .retried(late))
    #expect(try claim() == [late])
    try expectSound()
  }

  @Test func `a clock that goes back opens a throttle`() throws {
    _ = try enqueue(Self.throttle(limit: 1))
    test.clock.pass(.seconds(-3600))
    #expect(try status(enqueue(Self.throttle(limit: 1))) == .running)
  }

  @Test func `keys that never come again leave nothing behind for good`() throws {
    for name in 0..<200 as Range<UInt8> {
      try enqueue(Self.throttle(name))
      test.clock.pass(.seconds(30))
    }
    for _ in 0..<3 {
      for name in 0..<200 as Range<UInt8> where name.isMultiple(of: 2) { try enqueue(Self.throttle(name)) }
      test.clock.pass(.seconds(61))
    }
    #expect(try test.store.read { $0.count(.starts) } <= 101)
  }

  @Test func `a record that cannot be believed holds nobody back`() throws {
    _ = try enqueue(Self.throttle(limit: 1))
    let waiting = try enqueue(Self.debounce(2))
    var key = KeyBytes()
    key.add(Self.id(1))
    try test.store.perform(Overwrite(database: .starts, key: key))
    try test.store.perform(Overwrite(database: .executions, key: KeyBytes(waiting)))
    #expect(try status(enqueue(Self.throttle(limit: 1))) == .running)
    let next = try enqueue(Self.debounce(2))
    test.clock.pass(.seconds(10))
    #expect(try claim() == [next])
  }
}

/// What the checker and a salvage know of them.
extension PacingTests {
  @Test func `the checker finds one that has begun and whose place may be taken all the same`() throws {
    let key = try enqueue(Self.debounce())
    test.clock.pass(.seconds(10))
    #expect(try claim() == [key])
    try expectSound()
    try test.store.perform(Reenter(execution: key, lane: Lane(.debounce, id: Self.id(1), width: 1)))
    let findings = try test.store.read { try Checker.check($0) }.findings
    #expect(findings.map(\.what) == ["it has begun, and later events may take its place all the same"])
  }

  @Test func `the checker finds a count of starts that cannot be believed`() throws {
    try enqueue(Self.throttle())
    var key = KeyBytes()
    key.add(Self.id(1))
    try test.store.perform(Overwrite(database: .starts, key: key))
    #expect(try test.store.read { try Checker.check($0) }.findings.map(\.database) == ["starts"])
  }

  @Test func `a salvage keeps what was counted, and who waits for quiet`() throws {
    for name in [1, 1, 3] as [UInt8] { try enqueue(Self.throttle(name)) }
    let waiting = try enqueue(Self.debounce(2))
    var damaged = KeyBytes()
    damaged.add(Self.id(3))
    try test.store.perform(Overwrite(database: .starts, key: damaged))
    test.store.drainAndClose()
    let report = try Salvage.run(
      directory: test.folder.path, maxSize: .gibibytes(1), time: test.clock, random: test.random)
    #expect(report.leftOut.map(\.database) == ["starts"])
    try test.openAgain()
    try expectSound()
    #expect(try status(enqueue(Self.throttle(1))) == .cancelled)
    #expect(try status(enqueue(Self.throttle(3, limit: 1))) == .running, "its count is lost")
    let next = try enqueue(Self.debounce(2))
    #expect(try status(waiting) == .cancelled)
    test.clock.pass(.seconds(10))
    #expect(try claim() == [next])
    test.clock.pass(.seconds(50))
    #expect(try status(enqueue(Self.throttle(1))) == .running)
    try expectSound()
  }
}

/// Puts an execution back into a lane.
private struct Reenter: Transition {
  let execution: RecordKey
  let lane: Lane

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    guard var record = try transaction.snapshot.execution(execution) else { return }
    var ticket = LaneTicket(lane)
    ticket.state = .holding
    ticket.turn = execution
    record.lanes.append(ticket)
    try transaction.putIndex(.lanes, ticket.key(execution))
    try transaction.put(.executions, KeyBytes(execution), record)
  }
}

/// Overwrites a record with what no record looks like.
private struct Overwrite: Transition {
  let database: Database
  let key: KeyBytes

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(database, key, Piece([0xFF, 0xFF, 3]))
  }
}
