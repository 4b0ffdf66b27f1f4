import Glibc
import RelayModel
import Testing

@testable import RelayStore

@Suite struct DamageTests {
  /// A closed store with a bit of everything.
  private func filled(_ seed: UInt64) throws -> TestStore {
    let test = try TestStore(seed: seed, executions: 10)
    for number in 0..<60 {
      let answer = try test.enqueue(
        body: String(repeating: "d", count: number * 100), mark: .sample(UInt64(number)))
      if number < 8 { try test.end(answer.executions[0], number % 3 == 0 ? .failed : .succeeded) }
    }
    test.store.drainAndClose()
    return test
  }

  private func change(_ path: String, at offset: Int, _ bytes: [UInt8]) {
    let descriptor = unsafe open(path, O_RDWR)
    defer { close(descriptor) }
    _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
  }

  private func byte(_ path: String, at offset: Int) -> UInt8 {
    let descriptor = unsafe open(path, O_RDONLY)
    defer { close(descriptor) }
    var found: UInt8 = 0
    _ = unsafe pread(descriptor, &found, 1, off_t(offset))
    return found
  }

  /// How many more bits `make faults` flips.
  private static let flips = unsafe getenv("PETREL_FLIPS").flatMap { unsafe Int(String(cString: $0)) }

  @Test(.enabled(if: flips != nil))
  func `thousands of flipped bits, one after the other, are refused, set aside or harmless`() throws {
    for seed in 0..<(Self.flips ?? 0) { try flip(seed: 1000 + seed) }
  }

  @Test(arguments: 0..<120)
  func `a flipped bit anywhere is refused, set aside or harmless, and never delivered`(seed: Int) throws {
    try flip(seed: seed)
  }

  private func flip(seed: Int) throws {
    let test = try filled(UInt64(seed % 4))
    let random = TestRandom(UInt64(seed) &+ 77)
    let file = "\(test.folder.path)/data.mdb"
    let offset = random.below(try Files.size(of: file))
    change(file, at: offset, [byte(file, at: offset) ^ UInt8(1 << random.below(8))])
    try live(test)
  }

  @Test(arguments: 0..<40)
  func `a page of garbage is refused, set aside or harmless`(seed: Int) throws {
    let test = try filled(1)
    let random = TestRandom(UInt64(seed) &+ 991)
    let file = "\(test.folder.path)/data.mdb"
    let page = random.below(try Files.size(of: file) / 4096)
    change(file, at: page * 4096, (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.bits()) })
    try live(test)
  }

  /// Does what a relay does. Whatever is delivered must be what was accepted.
  private func live(_ test: TestStore) throws {
    let store: Store
    do {
      store = try Store.open(test.configuration, time: test.clock, random: test.random)
    } catch StoreError.unusable, StoreError.damaged {
      return
    }
    defer { store.drainAndClose() }
    let body = { (record: EventRecord) in [UInt8](repeating: UInt8(ascii: "d"), count: record.bodySize) }
    _ = try store.read { try Checker.check($0) }
    do {
      var started = try store.perform(Recover(now: test.now)).started
      started += try store.perform(Claim(now: test.now, limit: 100))
      for execution in started {
        #expect(execution.event.body == body(execution.event.record))
        #expect(execution.event.record.hook == "github")
        _ = try store.perform(
          Advance(
            execution: execution.key, revision: 0, journal: [.sample(at: test.now)],
            next: .end(.succeeded, failure: nil, resumeAt: nil, summary: nil), at: test.now))
      }
      let accepted = try store.perform(
        Enqueue(event: .sample(now: test.now), executions: [], mark: .sample(1000), now: test.now))
      #expect(try store.read { try $0.event(accepted.event) }?.body == Array("{}".utf8))
    } catch StoreError.damaged {
      // A page that LMDB itself found wrong.
    }
  }

  @Test func `a damaged execution is set aside, and the others are claimed`() throws {
    let test = try TestStore(executions: 0)
    let keys = try (0..<3).map { _ in try test.enqueue().executions[0] }
    try damage(test, .executions, KeyBytes(keys[1]))
    let claimed = try test.store.perform(Claim(now: test.now, limit: 10))
    #expect(claimed.map(\.key) == [keys[0], keys[2]])
    #expect(test.store.health.damaged == 1)
    #expect(try test.store.perform(Claim(now: test.now, limit: 10)).isEmpty)
    let findings = try test.store.read { try Checker.check($0) }.findings
    #expect(findings.contains { $0.database == "executions" && $0.key == KeyBytes(keys[1]).hex })
  }

  @Test func `an execution of a damaged event fails instead of delivering it`() throws {
    let test = try TestStore(executions: 0)
    let answer = try test.enqueue()
    try damage(test, .events, KeyBytes(answer.event))
    #expect(try test.store.perform(Claim(now: test.now, limit: 10)).isEmpty)
    let record = try #require(try test.execution(answer.executions[0]))
    #expect(record.status == .failed)
    #expect(record.failure?.code == "damaged")
    #expect(throws: StoreError.self) { try test.store.read { try $0.event(answer.event) } }
  }

  @Test func `a list leaves a damaged record out`() throws {
    let test = try TestStore()
    let keys = try (0..<3).map { _ in try test.enqueue().event }
    try damage(test, .events, KeyBytes(keys[1]))
    #expect(
      try test.store.read { try $0.events(before: nil, limit: 9) }.items.map(\.key) == [keys[2], keys[0]])
  }

  /// Writes a record that is not what it was, past the checksum.
  private func damage(_ test: TestStore, _ database: Database, _ key: KeyBytes) throws {
    try test.store.opened().write { transaction throws(StoreError) in
      try transaction.put(database, key, FormatRecord(number: 1))
    }
  }
}
