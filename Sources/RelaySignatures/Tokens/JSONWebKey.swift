internal import RelayCrypto
internal import RelayDocuments

/// A public JSON Web Key (RFC 7517): RSA, EC P-256 or Ed25519.
struct JSONWebKey: Sendable {
  /// Which of a provider's keys it is.
  let id: String?
  /// The only algorithm it is for; nil where it does not say.
  let algorithm: String?
  /// Whether the provider has withdrawn it (Plaid's `expired_at`).
  let isExpired: Bool
  let key: PublicKey

  init(_ json: JSON) throws(SignatureError) {
    id = json["kid"]?.string
    algorithm = json["alg"]?.string
    isExpired = json["expired_at"].map { $0 != .null } ?? false
    do {
      key = try Self.key(json)
    } catch {
      throw .key(member: "jwks", error)
    }
  }

  private static func key(_ json: JSON) throws(CryptoError) -> PublicKey {
    switch (json["kty"]?.string, json["crv"]?.string) {
    case ("RSA", _):
      return try PublicKey(modulus: try field("n", json), exponent: try field("e", json))
    case ("EC", "P-256"):
      let x = try field("x", json)
      let y = try field("y", json)
      guard x.count == 32, y.count == 32 else { throw .unusableKey("a coordinate is not of 32 bytes") }
      return try PublicKey(raw: [4] + x + y)
    case ("OKP", "Ed25519"): return try PublicKey(raw: try field("x", json))
    default: throw .unusableKey("a JSON Web Key of another kind than RSA, EC P-256 or Ed25519")
    }
  }

  private static func field(_ name: String, _ json: JSON) throws(CryptoError) -> [UInt8] {
    guard let text = json[name]?.string, let bytes = Base64.urlSafe.decode(text.utf8) else {
      throw .unusableKey("a JSON Web Key without \(name)")
    }
    return bytes
  }
}
