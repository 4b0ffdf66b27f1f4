/// Where a secret lies, as the configuration and workflows write it: `env:NAME`, `file:PATH`,
/// `vault:NAME` or `plain:TEXT`. Its description never shows the text of a plain one.
package enum SecretReference: Hashable, Sendable, CustomStringConvertible {
  /// A variable of the relay's environment.
  case environment(String)
  /// A file; one line break at its end does not belong to the secret.
  case file(String)
  /// A value of the vault, by its `ResourceName`.
  case vault(String)
  /// The secret itself, for trials on loopback.
  case plain(String)

  /// Nil when `text` has none of the four forms, or nothing after the colon.
  package init?(_ text: some StringProtocol) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = String(text[text.index(after: colon)...])
    guard !rest.isEmpty else { return nil }
    switch text[..<colon] {
    case "env": self = .environment(rest)
    case "file": self = .file(rest)
    case "vault":
      guard ResourceName.isValid(rest) else { return nil }
      self = .vault(rest)
    case "plain": self = .plain(rest)
    default: return nil
    }
  }

  /// The same forms for a schema.
  package static let pattern = "^((env|file|plain):.+|vault:[a-z0-9][a-z0-9_-]{0,63})$"

  package var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    case .vault(let name): "vault:\(name)"
    case .plain: "plain:…"
    }
  }
}

/// Where the relay gets its secrets: passed in, so that tests bring their own.
package protocol SecretSource: Sendable {
  /// The bytes that `reference` stands for, never empty. Any thread but a loop's: it may read a file or
  /// the store.
  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8]
}

/// A secret that cannot be had: refuse what needs it. The sentence says what to mend, never the secret.
package struct SecretError: Error, Hashable, Sendable, CustomStringConvertible {
  package var reference: SecretReference
  /// Why, without the reference: `the variable is not set`.
  package var reason: String

  package init(_ reference: SecretReference, _ reason: String) {
    self.reference = reference
    self.reason = reason
  }

  package var description: String { "\(reference): \(reason)" }
}
