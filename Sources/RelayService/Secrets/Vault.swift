package import RelayAdmin
internal import RelayCrypto
package import RelayModel
package import RelayStore
internal import Synchronization

/// The vault: secrets in the store, sealed with AES-256-GCM under the key file. A value is bound to its name,
/// so that nobody with the store alone can put one entry in another's place.
package final class Vault: VaultReading, SecretKeeping {
  /// How a value is sealed; stands before it, and is bound to it.
  private static let version: UInt8 = 1

  private let store: Store
  private let keyFile: String
  private let time: any TimeSource
  /// Read at the first use, made at the first value.
  private let key = Mutex<SealingKey?>(nil)

  package init(store: Store, keyFile: String, time: any TimeSource) {
    self.store = store
    self.keyFile = keyFile
    self.time = time
  }

  /// Reads the store: not on the committer's thread, and not on a loop's.
  package func value(of name: String) throws(SecretError) -> [UInt8]? {
    do {
      guard let entry = try store.read({ (snapshot) throws(StoreError) in try snapshot.secret(name) }) else {
        return nil
      }
      guard let key = try presentKey() else {
        throw SecretError(.vault(name), "its key \(keyFile) is missing; bring it back from where it is kept")
      }
      guard entry.sealed.first == Self.version else {
        throw SecretError(.vault(name), "it was sealed by a newer petrel")
      }
      return try key.open(Array(entry.sealed.dropFirst()), context: Self.context(name))
    } catch let error as SecretError {
      throw error
    } catch let error as StoreError {
      throw SecretError(.vault(name), error.message)
    } catch CryptoError.notAuthentic {
      throw SecretError(.vault(name), "it was not sealed with the key in \(keyFile), or it was changed")
    } catch {
      throw SecretError(.vault(name), "\(error)")
    }
  }

  package func list() throws(ControlError) -> [(name: String, updatedAt: Timestamp)] {
    do throws(StoreError) {
      return try store.read { (snapshot) throws(StoreError) in
        try snapshot.secrets().map { (name: $0.name, updatedAt: $0.secret.updatedAt) }
      }
    } catch {
      throw .unavailable(error.message)
    }
  }

  package func set(_ name: String, _ value: [UInt8]) throws(ControlError) {
    precondition(ResourceName.isValid(name), "an entry of the vault has a resource's name")
    guard !value.isEmpty else { throw .invalid("A secret is not empty.") }
    guard value.count <= OperatorSecrets.limit else { throw .invalid("A secret is 1 MiB at most.") }
    do {
      let sealed = [Self.version] + (try usableKey().seal(value, context: Self.context(name)))
      try store.perform(
        PutSecret(name: name, secret: SealedSecret(sealed: sealed, updatedAt: time.now())))
    } catch let error as StoreError {
      throw .unavailable(error.message)
    } catch {
      throw .unavailable("The secret cannot be sealed: \(error).")
    }
  }

  package func delete(_ name: String) throws(ControlError) -> Bool {
    do throws(StoreError) {
      return try store.perform(DeleteSecret(name: name))
    } catch {
      throw .unavailable(error.message)
    }
  }

  /// A key for `purpose`, from the vault's own, which is made where there is none and nothing is sealed with
  /// one that is missing.
  func derivedKey(_ purpose: String) throws -> [UInt8] {
    if try presentKey() == nil, let sealed = try list().first {
      throw SecretError(
        .vault(sealed.name), "its key \(keyFile) is missing; bring it back from where it is kept")
    }
    return try usableKey().derived(purpose)
  }

  /// The same; nil where the vault has no key.
  func knownKey(_ purpose: String) throws -> [UInt8]? { try presentKey()?.derived(purpose) }

  private func presentKey() throws(VaultKey.Failure) -> SealingKey? {
    if let known = key.withLock({ $0 }) { return known }
    let read = try VaultKey.read(keyFile)
    key.withLock { $0 = read }
    return read
  }

  private func usableKey() throws(VaultKey.Failure) -> SealingKey {
    if let known = try presentKey() { return known }
    let made = try VaultKey.readOrMake(keyFile)
    key.withLock { $0 = made }
    return made
  }

  private static func context(_ name: String) -> [UInt8] { Array("petrel vault \(version) \(name)".utf8) }
}
