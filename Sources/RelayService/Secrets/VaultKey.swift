internal import Glibc
package import RelayCrypto

/// The file that holds the vault's key: `DATA/key`, 32 random bytes, mode 0600. Whoever has it and the store
/// can read every secret, so a backup of the store alone gives none away.
package enum VaultKey {
  package enum Failure: Error, Sendable, CustomStringConvertible {
    case file(LocalFile.Failure)
    /// Others could have read it.
    case exposed(path: String)
    case unusable(path: String, CryptoError)

    package var description: String {
      switch self {
      case .file(let failure): "the vault's key cannot be read: \(failure)"
      case .exposed(let path): "\(path) is open to other users; chmod 600 \(path)"
      case .unusable(let path, let error): "\(path) is no key of the vault: \(error)"
      }
    }
  }

  /// The key at `path`; nil where there is none yet.
  package static func read(_ path: String) throws(Failure) -> SealingKey? {
    let mode: UInt32
    let bytes: [UInt8]
    do throws(LocalFile.Failure) {
      mode = try LocalFile.mode(of: path)
      bytes = try LocalFile.read(path, limit: 4096)
    } catch {
      guard !error.isMissing else { return nil }
      throw .file(error)
    }
    guard mode & 0o077 == 0 else { throw .exposed(path: path) }
    return try key(bytes, path)
  }

  /// The key at `path`, made where there is none. It is on disk, under its name, when this returns.
  package static func readOrMake(_ path: String) throws(Failure) -> SealingKey {
    if let key = try read(path) { return key }
    let bytes = SecureRandom().bytes(SealingKey.byteCount)
    let draft = "\(path).new"
    do throws(LocalFile.Failure) {
      try LocalFile.write(bytes, to: draft, mode: 0o600, replaces: true)
      try LocalFile.rename(draft, to: path)
    } catch {
      throw .file(error)
    }
    return try key(bytes, path)
  }

  private static func key(_ bytes: [UInt8], _ path: String) throws(Failure) -> SealingKey {
    do throws(CryptoError) {
      return try SealingKey(bytes)
    } catch {
      throw .unusable(path: path, error)
    }
  }
}
