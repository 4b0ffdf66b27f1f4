package import RelayModel

/// Resolves references to secrets. Nothing is kept: a changed file or vault entry is seen by the next use.
package struct OperatorSecrets: SecretSource {
  /// The largest secret: a chain of certificates with its key is far smaller.
  package static let limit = 1 << 20

  private let environment: [String: String]
  private let vault: (any VaultReading)?

  /// - Parameter vault: nil where there is no store to ask, as for `petrel verify`.
  package init(environment: [String: String], vault: (any VaultReading)?) {
    self.environment = environment
    self.vault = vault
  }

  package func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    let bytes: [UInt8]
    switch reference {
    case .environment(let name):
      guard let text = environment[name] else { throw SecretError(reference, "the variable is not set") }
      bytes = Array(text.utf8)
    case .file(let path): bytes = try file(path, reference)
    case .vault(let name): bytes = try entry(name, reference)
    case .plain(let text): bytes = Array(text.utf8)
    }
    guard !bytes.isEmpty else { throw SecretError(reference, "is empty") }
    return bytes
  }

  /// Editors and `echo` end a file with a line break that nobody means.
  private func file(_ path: String, _ reference: SecretReference) throws(SecretError) -> [UInt8] {
    do throws(LocalFile.Failure) {
      var bytes = try LocalFile.read(path, limit: Self.limit)
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      return bytes
    } catch {
      throw SecretError(reference, error.reason)
    }
  }

  private func entry(_ name: String, _ reference: SecretReference) throws(SecretError) -> [UInt8] {
    guard let vault else { throw SecretError(reference, "there is no vault without a data folder") }
    guard let bytes = try vault.value(of: name) else {
      throw SecretError(reference, "the vault has no such entry; petrel secrets set \(name)")
    }
    return bytes
  }
}

/// Where a resolver looks for `vault:` entries.
package protocol VaultReading: Sendable {
  /// The opened value; nil where there is none of that name.
  func value(of name: String) throws(SecretError) -> [UInt8]?
}
