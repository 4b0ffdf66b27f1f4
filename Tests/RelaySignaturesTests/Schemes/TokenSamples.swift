import RelayCrypto
import RelayDocuments
import RelayModel
import Testing

/// The private keys of this folder, and what their owners make with them.
enum TestKey: String, CaseIterable {
  case ed25519, p256, rsa

  var privateKey: PrivateKey {
    get throws { try PrivateKey(pem: try #require(LiteralFiles.read("\(rawValue).pem"))) }
  }

  /// The public half as a JSON Web Key.
  func webKey(id: String? = nil, _ more: (String, JSON)...) throws -> JSON {
    let spki = try privateKey.publicKey().spki()
    func url(_ bytes: some Sequence<UInt8>) -> JSON { .string(Base64.urlSafe.text(Array(bytes))) }
    var key: JSONObject
    switch self {
    case .ed25519: key = JSONObject([("kty", "OKP"), ("crv", "Ed25519"), ("x", url(spki.suffix(32)))])
    case .p256:
      key = JSONObject([
        ("kty", "EC"), ("crv", "P-256"), ("x", url(spki.suffix(64).prefix(32))), ("y", url(spki.suffix(32))),
      ])
    case .rsa:
      // A 2048-bit key: the modulus stands before the five bytes of the exponent.
      key = JSONObject([("kty", "RSA"), ("n", url(spki.dropLast(5).suffix(256))), ("e", "AQAB")])
    }
    if let id { key["kid"] = .string(id) }
    for member in more { key[member.0] = member.1 }
    return .object(key)
  }

  /// The public half as base64 of its `SubjectPublicKeyInfo`.
  var publicText: JSON {
    get throws { .string(Base64.standard.text(try privateKey.publicKey().spki())) }
  }
}

/// A JSON Web Token put together by hand.
enum TestToken {
  static func hmac(_ algorithm: String, _ claims: JSON, secret: String, head: JSON? = nil) throws -> String {
    let key = try HMACKey(algorithm == "HS512" ? .sha512 : .sha256, secret: Array(secret.utf8))
    return try signed(head ?? ["alg": .string(algorithm)], claims) { try key.code($0) }
  }

  static func signed(_ head: JSON, _ claims: JSON, by sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
    let text = Base64.urlSafe.text(head.serialized()) + "." + Base64.urlSafe.text(claims.serialized())
    return text + "." + Base64.urlSafe.text(try sign(Array(text.utf8)))
  }
}
