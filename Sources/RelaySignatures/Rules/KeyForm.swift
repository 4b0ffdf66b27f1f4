internal import RelayCrypto
internal import RelayModel

/// What an operator's secret is, and so how the key is made of it.
enum KeyForm: String, Sendable, CaseIterable {
  case utf8
  case base64
  case hex
  /// Standard Webhooks: `whsec_` and base64; some providers leave the prefix out.
  case whsec
  /// The same, but a secret without the prefix is the key as it stands (OpenAI).
  case whsecOrUTF8 = "whsec|utf8"
  case utf8Ampersand = "utf8+\"&\""
  case sha1 = "sha1(secret)"
  case sha256 = "sha256(secret)"
  /// The request's timestamp before the secret: another key for every request (GitGuardian).
  case timestampAndSecret = "ts+secret"
  case publicHex = "public-hex"
  case publicBase64 = "public-base64"
  case publicSPKI = "public-spki-base64"
  case publicPEM = "public-pem"
  /// A key of a JSON Web Key Set.
  case jwks
  /// The key of the certificate whose address the request names.
  case certificate

  /// Whether the verifier holds a public key and no secret.
  var isPublic: Bool {
    switch self {
    case .publicHex, .publicBase64, .publicSPKI, .publicPEM, .jwks, .certificate: true
    default: false
    }
  }

  /// The HMAC key that a secret stands for.
  func key(_ secret: [UInt8]) throws(SignatureError) -> [UInt8] {
    let key: [UInt8]? =
      switch self {
      case .base64: Base64.standard.decode(secret)
      case .hex: Hex.decode(secret)
      case .whsec: Self.unwrapped(secret) ?? Base64.standard.decode(secret)
      case .whsecOrUTF8: Self.unwrapped(secret) ?? secret
      case .utf8Ampersand: secret + [UInt8(ascii: "&")]
      case .sha1: try digest(.sha1, secret)
      case .sha256: try digest(.sha256, secret)
      default: secret
      }
    guard let key, !key.isEmpty else {
      throw .key(member: "secret", .unusableKey("it is not \(self == .hex ? "hexadecimal" : "base64")"))
    }
    return key
  }

  /// What follows `whsec_`, decoded; nil without that prefix. Supabase shows `v1,whsec_…`.
  private static func unwrapped(_ secret: [UInt8]) -> [UInt8]? {
    let whole = secret[...]
    let bare = whole.dropping(prefix: [UInt8]("v1,")) ?? whole
    guard let base64 = bare.dropping(prefix: [UInt8]("whsec_")) else { return nil }
    return Base64.standard.decode(base64) ?? []
  }

  private func digest(_ algorithm: DigestAlgorithm, _ secret: [UInt8]) throws(SignatureError) -> [UInt8] {
    do {
      return try algorithm.digest(secret)
    } catch {
      throw .key(member: "secret", error)
    }
  }
}
