import Glibc
import RelayModel
import Testing

@testable import RelayStore

@Suite struct FolderTests {
  @Test func `a second store on the folder is refused with a sentence`() throws {
    let test = try TestStore()
    let error = #expect(throws: StoreError.self) {
      try Store.open(test.configuration, time: test.clock, random: test.random)
    }
    #expect(error == .busy(path: test.folder.path))
    #expect(error?.message.contains("in use by another petrel process") == true)
    try test.reopen()
  }

  @Test func `the folder is for its owner alone`() throws {
    let folder = TestFolder()
    var configuration = StoreConfiguration(directory: "\(folder.path)/data", committer: .manual)
    configuration.growth = ByteCount(0)
    let store = try Store.open(configuration, time: TestClock(), random: TestRandom())
    store.drainAndClose()
    #expect(mode("\(folder.path)/data") == 0o700)
    #expect(mode("\(folder.path)/data/data.mdb") == 0o600)
    #expect(mode("\(folder.path)/data/petrel.lock") == 0o600)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func `a newer format is refused, and nothing is changed`() throws {
    let test = try TestStore()
    try test.store.opened().write { transaction throws(StoreError) in
      try transaction.put(.meta, MetaKey.format, FormatRecord(number: OpenedStore.format + 1))
    }
    #expect(throws: StoreError.newerFormat(found: OpenedStore.format + 1, supported: OpenedStore.format)) {
      try test.reopen()
    }
  }

  @Test func `tag and epoch are drawn once`() throws {
    let test = try TestStore()
    let (tag, epoch) = (test.store.tag, test.store.epoch)
    try test.reopen()
    #expect(test.store.tag == tag)
    #expect(test.store.epoch == epoch)
    #expect(try TestStore(seed: 2).store.tag != tag)
  }

  @Test func `a file that is no store is refused with a way out`() throws {
    for bytes in [[UInt8](), Array("not a database".utf8), [UInt8](repeating: 0xAB, count: 40_960)] {
      let folder = TestFolder()
      try Files.write(bytes, to: "\(folder.path)/data.mdb")
      let configuration = StoreConfiguration(directory: folder.path, growth: ByteCount(0), committer: .manual)
      let error = #expect(throws: StoreError.self) {
        try Store.open(configuration, time: TestClock(), random: TestRandom())
      }
      guard case .unusable(_, let why) = error else { throw StoreError.closing }
      #expect(why.contains("petrel restore"))
    }
  }

  @Test func `a file cut short is refused instead of ending the process later`() throws {
    let test = try TestStore()
    for _ in 0..<50 { try test.enqueue(body: String(repeating: "x", count: 4000)) }
    test.store.drainAndClose()
    let file = "\(test.folder.path)/data.mdb"
    let size = try Files.size(of: file)
    #expect(unsafe truncate(file, off_t(size - 8192)) == 0)
    let error = #expect(throws: StoreError.self) {
      try Store.open(test.configuration, time: test.clock, random: test.random)
    }
    guard case .unusable(_, let why) = error else { throw StoreError.closing }
    #expect(why.contains("cut short"))
  }

  @Test func `a folder without a store is not opened for looking`() throws {
    let folder = TestFolder()
    let configuration = StoreConfiguration(directory: folder.path, committer: .manual, access: .readOnly)
    #expect(throws: StoreError.self) {
      try Store.open(configuration, time: TestClock(), random: TestRandom())
    }
    #expect(!Files.exists("\(folder.path)/data.mdb"))
  }

  @Test func `a stopped store can be looked at, and lists its events`() throws {
    let test = try TestStore()
    let keys = try (0..<3).map { _ in try test.enqueue().event }
    test.store.drainAndClose()
    var configuration = test.configuration
    configuration.access = .readOnly
    let store = try Store.open(configuration, time: test.clock, random: test.random)
    #expect(try store.read { try $0.events(before: nil, limit: 9) }.items.map(\.key) == keys.reversed())
    // Nobody would commit it: refused, so that nobody waits for ever.
    #expect(throws: StoreError.self) { try store.perform(DeleteSecret(name: "a")) }
    store.drainAndClose()
  }
}
