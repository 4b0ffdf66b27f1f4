internal import RelayCrypto
internal import RelayIngress
internal import RelayModel
internal import RelayStore
internal import Synchronization

/// The tokens of links under which people decide: which step of which execution asks, signed with a key of
/// the vault. So nothing has to be kept of them, a link can be sent before its step begins to wait, and whoever
/// has only the store can make none.
final class ApprovalTokens: ApprovalTokenReader {
  private let vault: Vault
  private let tag: StoreTag
  private let key = Mutex<HMACKey?>(nil)

  /// Bytes of the signature: as many as nobody tries through.
  private static let signatureBytes = 16
  private static let keyBytes = 8

  init(vault: Vault, tag: StoreTag) {
    self.vault = vault
    self.tag = tag
  }

  /// Makes the vault's key where there is none: before a workflow that asks begins to run.
  func prepare() throws {
    let made = try HMACKey(.sha256, secret: try vault.derivedKey("approval links"))
    key.withLock { $0 = made }
  }

  /// Nil where the vault's key cannot be read.
  func token(_ execution: RecordKey, _ step: StepPath) -> String? {
    let subject = Self.bytes(execution) + step.bytes
    return signature(of: subject).map { Base64.urlSafe.text(subject + $0) }
  }

  func read(_ token: String) -> (execution: RecordKey, step: StepPath)? {
    guard token.utf8.count <= 512, let bytes = Base64.urlSafe.decode(token.utf8),
      bytes.count > Self.keyBytes + Self.signatureBytes
    else { return nil }
    let subject = Array(bytes.dropLast(Self.signatureBytes))
    guard let signature = signature(of: subject),
      ConstantTime.equal(signature, Array(bytes.suffix(Self.signatureBytes))),
      let step = StepPath(bytes: Array(subject.dropFirst(Self.keyBytes)))
    else { return nil }
    let number = subject.prefix(Self.keyBytes).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return (RecordKey(rawValue: number), step)
  }

  private static func bytes(_ key: RecordKey) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: key.rawValue >> UInt64($0)) }
  }

  /// Bound to the store too: a key file that two relays share makes no link of one good for the other.
  private func signature(of subject: [UInt8]) -> [UInt8]? {
    do {
      let code = try presentKey()?.code(Array("petrel approval \(tag.text) ".utf8) + subject)
      return code.map { Array($0.prefix(Self.signatureBytes)) }
    } catch {
      return nil
    }
  }

  /// Nil where nothing has ever asked.
  private func presentKey() throws -> HMACKey? {
    if let known = key.withLock({ $0 }) { return known }
    guard let secret = try vault.knownKey("approval links") else { return nil }
    let read = try HMACKey(.sha256, secret: secret)
    key.withLock { $0 = read }
    return read
  }
}
