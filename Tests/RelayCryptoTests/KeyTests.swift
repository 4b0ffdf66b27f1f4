import RelayCrypto
import Testing

@Suite struct PublicKeyTests {
  private static func key(_ pem: String) throws -> PublicKey { try PublicKey(pem: Array(pem.utf8)) }
  private static func signature(_ text: String) throws -> [UInt8] {
    try #require(Base64.standard.decode(text.utf8))
  }

  @Test(
    arguments: [
      (Samples.ed25519Public, Samples.ed25519Signature, .ed25519),
      (Samples.p256Public, Samples.p256Signature, .p256DER),
      (Samples.p256Public, Samples.p256SHA1Signature, .p256SHA1DER),
      (Samples.rsaPublic, Samples.rsaSHA1Signature, .rsaSHA1),
      (Samples.rsaPublic, Samples.rsaSHA256Signature, .rsaSHA256),
      (Samples.rsaPublic, Samples.rsaSHA512Signature, .rsaSHA512),
      (Samples.rsaPublic, Samples.rsaPSSSignature, .rsaPSSSHA256),
      (Samples.rsaPublicPKCS1, Samples.rsaSHA256Signature, .rsaSHA256),
      (Samples.rsaCertificate, Samples.rsaSHA256Signature, .rsaSHA256),
    ] as [(String, String, SignatureScheme)])
  func `a signature made by openssl verifies under its own scheme only, and over its message only`(
    pem: String, text: String, scheme: SignatureScheme
  ) throws {
    let key = try Self.key(pem)
    let signature = try Self.signature(text)
    for other in SignatureScheme.allCases {
      #expect(key.verifies(signature, over: Samples.message, other) == (other == scheme))
    }
    #expect(!key.verifies(signature, over: Samples.message + [0], scheme))
    #expect(!key.verifies(Array(signature.dropLast()), over: Samples.message, scheme))
    #expect(!key.verifies([], over: Samples.message, scheme))
    var changed = signature
    changed[changed.count / 2] ^= 1
    #expect(!key.verifies(changed, over: Samples.message, scheme))
  }

  @Test func `the first test of RFC 8032 verifies under the bare key`() throws {
    let raw = try #require(
      Hex.decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".utf8))
    let signature = try #require(
      Hex.decode(
        ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
          + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b").utf8))
    let key = try PublicKey(raw: raw)
    #expect(key.kind == .ed25519)
    #expect(key.verifies(signature, over: [], .ed25519))
    #expect(!key.verifies(signature, over: [0], .ed25519))
  }

  @Test func `a point on P-256 is read bare, whole or compressed`() throws {
    let spki = try Self.key(Samples.p256Public).spki()
    let point = Array(spki.suffix(65))
    let compressed = [2 + point[64] % 2] + point[1...32]
    let signature = try Self.signature(Samples.p256Signature)
    for raw in [point, compressed] {
      #expect(try PublicKey(raw: raw).verifies(signature, over: Samples.message, .p256DER))
    }
  }

  @Test(
    arguments: [
      "", "no key", Samples.p384Public, Samples.rsaPrivate,
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
      "-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\nAAAA",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ])
  func `what is no public key of ours is refused`(pem: String) {
    #expect(throws: CryptoError.self) { try Self.key(pem) }
  }

  @Test func `a bare key of another length, or off the curve, is refused`() {
    #expect(throws: CryptoError.self) { try PublicKey(raw: [1, 2, 3]) }
    #expect(throws: CryptoError.self) { try PublicKey(raw: [4] + [UInt8](repeating: 1, count: 64)) }
  }

  @Test func `an RSA key below 1024 bits is refused`() {
    #expect(throws: CryptoError.self) {
      try PublicKey(modulus: [UInt8](repeating: 0xC1, count: 64), exponent: [1, 0, 1])
    }
  }
}

@Suite struct PrivateKeyTests {
  @Test(
    arguments: [
      (Samples.ed25519Private, [.ed25519]), (Samples.p256Private, [.p256DER, .p256Raw, .p256SHA1DER]),
      (Samples.p256PrivateSEC1, [.p256DER]),
      (Samples.rsaPrivate, [.rsaSHA1, .rsaSHA256, .rsaSHA512, .rsaPSSSHA256]),
    ] as [(String, [SignatureScheme])])
  func `what a private key signs, its public half verifies`(pem: String, schemes: [SignatureScheme]) throws {
    let key = try PrivateKey(pem: Array(pem.utf8))
    let other = try key.publicKey()
    for scheme in schemes {
      for _ in 0..<8 {
        #expect(other.verifies(try key.sign(Samples.message, scheme), over: Samples.message, scheme))
      }
    }
    for scheme in SignatureScheme.allCases where scheme.keyKind != key.kind {
      #expect(throws: CryptoError.self) { try key.sign(Samples.message, scheme) }
    }
  }

  @Test func `a raw ECDSA signature has 64 bytes`() throws {
    let key = try PrivateKey(pem: Array(Samples.p256Private.utf8))
    for _ in 0..<32 { #expect(try key.sign(Samples.message, .p256Raw).count == 64) }
  }

  @Test func `Ed25519 signs as openssl does`() throws {
    let key = try PrivateKey(pem: Array(Samples.ed25519Private.utf8))
    #expect(Base64.standard.text(try key.sign(Samples.message, .ed25519)) == Samples.ed25519Signature)
  }

  @Test(
    arguments: [
      "", Samples.rsaPublic, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
    ])
  func `what is no plain private key is refused`(pem: String) {
    #expect(throws: CryptoError.self) { try PrivateKey(pem: Array(pem.utf8)) }
  }
}
