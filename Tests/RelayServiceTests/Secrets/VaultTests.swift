import RelayAdmin
import RelayModel
import RelayService
import RelayStore
import Testing

@Suite struct VaultTests {
  private let folder = TestFolder()

  private func withStore(_ body: (Store) throws -> Void) throws {
    let store = try Store.open(
      StoreConfiguration(
        directory: "\(folder.path)/data", maxSize: .mebibytes(32), growth: ByteCount(0), durability: .none),
      time: SystemTime(), random: SystemRandom())
    defer { store.drainAndClose() }
    try body(store)
  }

  private var key: String { "\(folder.path)/data/key" }

  private func vault(_ store: Store) -> Vault { Vault(store: store, keyFile: key, time: SystemTime()) }

  private func reason(_ vault: Vault, _ name: String) -> String? {
    do throws(SecretError) {
      _ = try vault.value(of: name)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `a value comes back after a restart, and its name is listed`() throws {
    try withStore { try vault($0).set("legacy", Array("hunter2".utf8)) }
    try withStore { store in
      let vault = vault(store)
      #expect(try vault.value(of: "legacy") == Array("hunter2".utf8))
      #expect(try vault.list().map(\.name) == ["legacy"])
      #expect(try vault.value(of: "other") == nil)
      let deletions = [try vault.delete("legacy"), try vault.delete("legacy")]
      #expect(deletions == [true, false])
      #expect(try vault.value(of: "legacy") == nil)
    }
  }

  @Test func `the store never holds the value`() throws {
    try withStore { store in
      try vault(store).set("legacy", Array("hunter2hunter2".utf8))
      let sealed = try #require(try store.read { try $0.secret("legacy") }).sealed
      #expect(!String(decoding: sealed, as: UTF8.self).contains("hunter2"))
    }
  }

  @Test func `the key is made at the first value, for its owner alone`() throws {
    try withStore { store in
      _ = try vault(store).value(of: "legacy")
      #expect(!LocalFile.exists(key))
      try vault(store).set("legacy", [1])
      #expect(try LocalFile.mode(of: key) == 0o600)
      #expect(try LocalFile.read(key).count == 32)
    }
  }

  @Test func `an entry moved under another name is refused`() throws {
    try withStore { store in
      let vault = vault(store)
      try vault.set("a", [1, 2, 3])
      let sealed = try #require(try store.read { try $0.secret("a") })
      try store.perform(PutSecret(name: "b", secret: sealed))
      #expect(reason(vault, "b")?.contains("not sealed with the key") == true)
    }
  }

  @Test func `a changed entry, a lost key and another key are refused with what to do`() throws {
    try withStore { try vault($0).set("a", [1, 2, 3]) }
    try withStore { store in
      var sealed = try #require(try store.read { try $0.secret("a") })
      sealed.sealed[sealed.sealed.count - 1] ^= 1
      try store.perform(PutSecret(name: "changed", secret: sealed))
      sealed.sealed[0] = 9
      try store.perform(PutSecret(name: "newer", secret: sealed))
      #expect(reason(vault(store), "changed")?.contains("or it was changed") == true)
      #expect(reason(vault(store), "newer") == "it was sealed by a newer petrel")
      try LocalFile.write([UInt8](repeating: 7, count: 32), to: key, mode: 0o600, replaces: true)
      #expect(reason(vault(store), "a")?.contains("not sealed with the key") == true)
      try LocalFile.rename(key, to: "\(key).lost")
      #expect(reason(vault(store), "a")?.contains("is missing; bring it back") == true)
    }
  }

  @Test func `a key that others can read is refused`() throws {
    try withStore { try vault($0).set("a", [1]) }
    try LocalFile.write([UInt8](repeating: 7, count: 32), to: key, mode: 0o640, replaces: true)
    try withStore { #expect(reason(vault($0), "a")?.contains("chmod 600") == true) }
  }

  @Test func `a cut key is refused`() throws {
    try withStore { try vault($0).set("a", [1]) }
    try LocalFile.write([7], to: key, mode: 0o600, replaces: true)
    try withStore { #expect(reason(vault($0), "a")?.contains("is no key of the vault") == true) }
  }

  @Test func `an empty value is refused`() throws {
    try withStore { store in
      #expect(throws: ControlError.invalid("A secret is not empty.")) { try self.vault(store).set("a", []) }
    }
  }
}
