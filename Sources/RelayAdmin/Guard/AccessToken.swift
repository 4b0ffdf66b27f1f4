package import RelayCrypto
internal import RelayModel
package import RelayStore

/// A token of the admin interface: `ptk_`, an id of 8 characters, a secret of 32. It is shown once, when it
/// is made; the store holds its SHA-256.
package struct AccessToken: Sendable {
  /// `ptk_` and eight characters: names the token without proving anything.
  package let id: String
  /// The whole token.
  package let text: String
  /// What the store keeps.
  package let hash: [UInt8]

  private static let prefix = "ptk_"
  private static let idLength = 8
  private static let secretLength = 32
  private static let length = prefix.utf8.count + idLength + secretLength

  /// Draws a new one: 190 bits that cannot be guessed.
  package static func draw() throws(CryptoError) -> AccessToken {
    let random = SecureRandom()
    // Ten digits of 64 bits: no piece is likelier than another by more than a twentieth.
    var digits = ""
    while digits.utf8.count < idLength + secretLength { digits += Base62.text(random.bits(), width: 10) }
    return try AccessToken(prefix + digits)
  }

  /// Reads what a client presents; nil unless it has a token's form.
  package init?(presented text: some StringProtocol) throws(CryptoError) {
    let bytes = Array(text.utf8)
    guard bytes.count == Self.length, text.hasPrefix(Self.prefix),
      bytes.dropFirst(Self.prefix.utf8.count).allSatisfy({ Base62.value(of: [$0]) != nil })
    else { return nil }
    try self.init(String(text))
  }

  private init(_ text: String) throws(CryptoError) {
    self.text = text
    self.id = String(text.prefix(Self.prefix.utf8.count + Self.idLength))
    self.hash = try DigestAlgorithm.sha256.digest(Array(text.utf8))
  }

  /// Whether `record` is this token's, in constant time.
  package func isToken(of record: TokenRecord) -> Bool {
    record.id == id && ConstantTime.equal(record.hash, hash)
  }
}
