import Glibc
import RelayModel
import Testing

@testable import RelayStore

@Suite struct BackupTests {
  private func filled() throws -> TestStore {
    let test = try TestStore()
    for number in 0..<40 {
      let answer = try test.enqueue(
        body: String(repeating: "b", count: number * 300), mark: .sample(UInt64(number)))
      if number % 2 == 0 { try test.end(answer.executions[0], number % 4 == 0 ? .failed : .succeeded) }
    }
    return test
  }

  @Test func `a backup of a running store holds what was committed, and verifies`() throws {
    let test = try filled()
    let folder = TestFolder()
    let manifest = try Backup.copy(test.store, to: "\(folder.path)/b", now: test.now)
    try test.enqueue()
    #expect(manifest.events == 40)
    #expect(manifest.tag == test.store.tag.text)
    #expect(try BackupManifest.read("\(folder.path)/b") == manifest)
    #expect(try Backup.verify("\(folder.path)/b").findings == [])
  }

  @Test func `a folder with something in it is not written to`() throws {
    let test = try filled()
    let folder = TestFolder()
    try Files.write([1], to: "\(folder.path)/precious")
    #expect(throws: StoreError.self) { try Backup.copy(test.store, to: folder.path, now: test.now) }
    #expect(try Files.names(in: folder.path) == ["precious"])
  }

  @Test func `a backup that does not hold what it states is found out`() throws {
    let test = try filled()
    let folder = TestFolder()
    var manifest = try Backup.copy(test.store, to: "\(folder.path)/b", now: test.now)
    manifest.events += 1
    try Files.remove("\(folder.path)/b/backup.json")
    try Files.write(manifest.text, to: "\(folder.path)/b/backup.json")
    #expect(try Backup.verify("\(folder.path)/b").findings.map(\.key) == ["events"])
    #expect(throws: StoreError.self) {
      try Backup.restore(
        from: "\(folder.path)/b", to: "\(folder.path)/r", time: test.clock, random: test.random)
    }
  }

  @Test func `what is restored goes on under a new epoch`() throws {
    let test = try filled()
    _ = try test.store.perform(AcknowledgeOutbox(upTo: 5))
    let folder = TestFolder()
    _ = try Backup.copy(test.store, to: "\(folder.path)/b", now: test.now)
    _ = try Backup.restore(
      from: "\(folder.path)/b", to: "\(folder.path)/r", time: test.clock, random: test.random)
    var configuration = test.configuration
    configuration.directory = "\(folder.path)/r"
    let restored = try Store.open(configuration, time: test.clock, random: test.random)
    #expect(restored.tag == test.store.tag)
    #expect(restored.epoch != test.store.epoch)
    try restored.read { snapshot throws in
      #expect(try Checker.check(snapshot).findings == [])
      #expect(try snapshot.counters().events == 40)
      #expect(try snapshot.outboxState().first == 1)
      #expect(try snapshot.outboxState().pending == 15)
    }
    restored.drainAndClose()
  }

  @Test func `compaction gives room back, and the store goes on`() throws {
    let test = try TestStore()
    for _ in 0..<60 {
      try test.end(try test.enqueue(body: String(repeating: "b", count: 20_000)).executions[0])
    }
    test.clock.pass(.seconds(10))
    let short = Retention(succeeded: .seconds(1), failed: .seconds(1), dedupe: .seconds(1))
    try test.sweep(short)
    let kept = try test.enqueue()
    let sizes = try test.store.compact()
    #expect(sizes.after.bytes < sizes.before.bytes / 4)
    let later = try test.enqueue()
    for key in [kept.event, later.event] { #expect(try test.store.read { try $0.event(key) } != nil) }
    try test.reopen()
    for key in [kept.event, later.event] { #expect(try test.store.read { try $0.event(key) } != nil) }
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
    #expect(Set(try Files.names(in: test.folder.path)) == ["data.mdb", "lock.mdb", "petrel.lock"])
  }

  @Test func `a running store is compacted between commits, while others look and submit`() throws {
    let folder = TestFolder()
    let configuration = StoreConfiguration(
      directory: folder.path, maxSize: .mebibytes(64), growth: .mebibytes(4))
    let store = try Store.open(configuration, time: TestClock(), random: TestRandom())
    let now = Timestamp(milliseconds: 1_790_000_000_000)
    let answers = Answers<EnqueueAnswer>()
    let done = Semaphore()
    TestThread {
      for _ in 0..<300 {
        store.submit(Enqueue(event: .sample(now: now), executions: [], mark: nil, now: now)) {
          answers.put($0)
          done.signal()
        }
      }
    }.start()
    for _ in 0..<3 {
      _ = try store.compact()
      _ = try store.read { try $0.counters() }
    }
    for _ in 0..<300 { done.wait() }
    let accepted = try answers.all.map { try $0.get().event }
    store.drainAndClose()
    let again = try Store.open(configuration, time: TestClock(), random: TestRandom())
    for key in accepted { #expect(try again.read { try $0.event(key) } != nil) }
    #expect(try again.read { try Checker.check($0) }.findings == [])
    again.drainAndClose()
  }
}
