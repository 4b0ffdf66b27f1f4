import CLMDB
import RelayModel
import Testing

@testable import RelayStore

@Suite struct WaitTests {
  private let kind = WaitKind(hook: "github", id: 77, key: "event.body.order", condition: nil)

  /// An execution that waits for the value `7`.
  private func waiting(_ test: TestStore, deadline: Duration = .seconds(60)) throws -> RecordKey {
    let key = try test.enqueue().executions[0]
    let until = test.now + deadline
    let advance = Advance(
      execution: key, revision: 0, journal: [],
      next: .wait(
        Advance.Wait(position: .start, until: until, reason: "", attempt: 0, firstAttemptAt: nil)),
      listening: WaitRecord(
        subject: .event(AwaitedEvent(kind: kind, value: [UInt8](repeating: 7, count: 16))), deadline: until),
      at: test.now)
    #expect(try test.store.perform(advance) == .recorded)
    test.store.permits.giveBack()
    return key
  }

  private func arrive(_ test: TestStore, value: UInt8 = 7) throws -> RecordKey {
    var enqueue = Enqueue(
      event: .sample(hook: "github", body: [], now: test.now), executions: [], mark: nil, now: test.now)
    enqueue.answers[77] = [UInt8](repeating: value, count: 16)
    return try test.store.perform(enqueue).event
  }

  private func wait(_ test: TestStore, _ key: RecordKey) throws -> WaitRecord? {
    try test.store.read { try $0.wait(of: key) }
  }

  private func findings(_ test: TestStore) throws -> [Finding] {
    try test.store.read { try Checker.check($0) }.findings
  }

  @Test func `who waits is known to whoever asks, over a restart`() throws {
    let test = try TestStore()
    #expect(test.store.waits(on: "github") == [])
    _ = try waiting(test)
    _ = try waiting(test)
    #expect(test.store.waits(on: "github") == [kind])
    #expect(test.store.waits(on: "other") == [])
    try test.reopen()
    #expect(test.store.waits(on: "github") == [kind])
    #expect(try findings(test) == [])
  }

  @Test func `an event makes those due that wait for its value`() throws {
    let test = try TestStore()
    let key = try waiting(test)
    _ = try arrive(test, value: 8)
    #expect(try wait(test, key)?.outcome == nil)
    let event = try arrive(test)
    #expect(try wait(test, key)?.outcome == .event(event))
    #expect(try test.execution(key)?.due == test.now)
    #expect(test.store.waits(on: "github") == [])
    #expect(try findings(test) == [])
    // The second finds nobody.
    _ = try arrive(test)
    #expect(try wait(test, key)?.outcome == .event(event))
  }

  @Test func `a claim at the deadline closes the wait`() throws {
    let test = try TestStore()
    let key = try waiting(test)
    test.clock.pass(.seconds(60))
    #expect(try test.store.perform(Claim(now: test.now, limit: 1)).map(\.key) == [key])
    #expect(try wait(test, key)?.outcome == .timedOut)
    _ = try arrive(test)
    #expect(try wait(test, key)?.outcome == .timedOut)
    #expect(try findings(test) == [])
  }

  @Test func `going on and ending leave nothing behind`() throws {
    let test = try TestStore()
    let (first, second) = (try waiting(test), try waiting(test))
    _ = try arrive(test)
    #expect(try test.store.perform(Claim(now: test.now, limit: 2)).count == 2)
    #expect(
      try test.store.perform(
        Advance(execution: first, revision: 0, journal: [], next: .step(StepPath(.steps, 1)), at: test.now))
        == .recorded)
    _ = try test.store.perform(Cancel(execution: second, now: test.now))
    #expect(try wait(test, first) == nil)
    #expect(try wait(test, second) == nil)
    #expect(try test.execution(first)?.listens == false)
    try test.store.read { snapshot throws in
      for database in [Database.waits, .eventWaits, .waitKinds, .awaited] {
        #expect(snapshot.count(database) == 0)
      }
    }
    #expect(try findings(test) == [])
  }

  @Test func `what has just begun to wait is asked for in the commit`() throws {
    let test = try TestStore()
    test.store.drainAndClose()
    test.configuration.judge = { kind, _, _ in kind.id == 77 ? [UInt8](repeating: 7, count: 16) : nil }
    try test.openAgain()
    let key = try waiting(test)
    let event = try test.enqueue(workflows: []).event
    #expect(try wait(test, key)?.outcome == .event(event))
  }

  @Test func `salvage keeps waits, and what they wait for`() throws {
    let test = try TestStore()
    let (woken, waits) = (try waiting(test), try waiting(test))
    let event = try arrive(test)
    let third = try waiting(test)
    test.store.drainAndClose()
    let report = try Salvage.run(
      directory: test.folder.path, maxSize: .gibibytes(1), time: test.clock, random: test.random)
    #expect(report.leftOut == [])
    try test.openAgain()
    #expect(try findings(test) == [])
    #expect(try wait(test, woken)?.outcome == .event(event))
    #expect(try wait(test, waits)?.outcome == .event(event))
    #expect(try wait(test, third)?.outcome == nil)
    #expect(test.store.waits(on: "github") == [kind])
  }

  @Test func `an older store, which has no waits, can be looked at and opened`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    test.store.drainAndClose()
    try drop(test.folder.path, ["waits", "eventWaits", "waitKinds", "awaited"])
    let report = try Checker.check(directory: test.folder.path, time: test.clock, random: test.random)
    #expect(report.findings == [])
    try test.openAgain()
    #expect(try test.execution(key)?.listens == false)
    _ = try waiting(test)
    #expect(try findings(test) == [])
  }

  /// Takes databases out of a closed store.
  private func drop(_ directory: String, _ names: [String]) throws {
    var environment: OpaquePointer?
    unsafe mdb_env_create(&environment)
    unsafe mdb_env_set_maxdbs(environment, 64)
    unsafe mdb_env_set_mapsize(environment, 1 << 30)
    try #require(unsafe mdb_env_open(environment, directory, 0, 0o600) == 0)
    defer { unsafe mdb_env_close(environment) }
    var transaction: OpaquePointer?
    try #require(unsafe mdb_txn_begin(environment, nil, 0, &transaction) == 0)
    for name in names {
      var number: MDB_dbi = 0
      try #require(unsafe mdb_dbi_open(transaction, name, 0, &number) == 0)
      try #require(unsafe mdb_drop(transaction, number, 1) == 0)
    }
    try #require(unsafe mdb_txn_commit(transaction) == 0)
  }
}
