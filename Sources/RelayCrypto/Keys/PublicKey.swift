internal import COpenSSL

/// Somebody's public key: Ed25519, ECDSA P-256 or RSA. Used from any thread.
package final class PublicKey: Sendable {
  package let kind: KeyKind
  private let handle: KeyHandle

  private init(_ handle: consuming KeyHandle) throws(CryptoError) {
    self.kind = try handle.checkedKind()
    self.handle = handle
  }

  /// From a `SubjectPublicKeyInfo` (`d2i_PUBKEY`).
  package convenience init(spki: [UInt8]) throws(CryptoError) {
    let key = unsafe spki.withDERPointer { bytes, count in unsafe d2i_PUBKEY(nil, bytes, count) }
    try unsafe self.init(KeyHandle(key, "SubjectPublicKeyInfo"))
  }

  /// From PEM: `PUBLIC KEY`, `RSA PUBLIC KEY`, or a `CERTIFICATE`, whose key is taken without
  /// judging the certificate.
  package convenience init(pem text: [UInt8]) throws(CryptoError) {
    guard let block = PEM(text) else { throw .unusableKey("no PEM block was found") }
    switch block.label {
    case "PUBLIC KEY": try self.init(spki: block.der)
    case "RSA PUBLIC KEY": try self.init(pkcs1: block.der)
    case "CERTIFICATE", "X509 CERTIFICATE": try self.init(certificate: block.der)
    default: throw .unusableKey("a PEM block that is no public key")
    }
  }

  /// From the bare key: 32 bytes are Ed25519, 65 (or 33, compressed) a point on P-256.
  package convenience init(raw: [UInt8]) throws(CryptoError) {
    switch raw.count {
    case 32: try self.init(spki: SPKIPrefix.ed25519 + raw)
    case 65: try self.init(spki: SPKIPrefix.p256 + raw)
    case 33: try self.init(spki: SPKIPrefix.p256Compressed + raw)
    default: throw .unusableKey("\(raw.count) bytes; Ed25519 has 32, P-256 65")
    }
  }

  /// From an RSA key's modulus and public exponent, big endian.
  package convenience init(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
    try self.init(pkcs1: DER.sequence(DER.integer(modulus), DER.integer(exponent)))
  }

  /// Whether `signature` over `message` was made with this key's other half. False also for a
  /// signature of the wrong length or form, and for a scheme of another kind of key.
  package func verifies(_ signature: [UInt8], over message: [UInt8], _ scheme: SignatureScheme) -> Bool {
    guard scheme.keyKind == kind, let signature = openSSLForm(signature, scheme),
      let context = unsafe EVP_MD_CTX_new()
    else { return false }
    defer {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    var keyContext: OpaquePointer?
    guard
      unsafe EVP_DigestVerifyInit(
        context, &keyContext, scheme.digest?.implementation, nil, handle.pointer) == 1
    else { return false }
    if scheme.usesPSS, unsafe petrel_pkey_ctx_use_pss(keyContext) != 1 { return false }
    return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  private func openSSLForm(_ signature: [UInt8], _ scheme: SignatureScheme) -> [UInt8]? {
    guard scheme == .p256Raw else { return signature }
    guard signature.count == 64 else { return nil }
    return DER.sequence(DER.integer(signature[..<32]), DER.integer(signature[32...]))
  }

  /// The key as a `SubjectPublicKeyInfo`.
  package func spki() throws(CryptoError) -> [UInt8] { try handle.spki() }

  private convenience init(pkcs1: [UInt8]) throws(CryptoError) {
    let key = unsafe pkcs1.withDERPointer { bytes, count in
      unsafe d2i_PublicKey(EVP_PKEY_RSA, nil, bytes, count)
    }
    try unsafe self.init(KeyHandle(key, "RSA public key"))
  }

  private convenience init(certificate: [UInt8]) throws(CryptoError) {
    let key: OpaquePointer? = unsafe certificate.withDERPointer { bytes, count in
      guard let certificate = unsafe d2i_X509(nil, bytes, count) else { return nil }
      defer { unsafe X509_free(certificate) }
      return unsafe X509_get_pubkey(certificate)
    }
    try unsafe self.init(KeyHandle(key, "X.509 certificate"))
  }
}

/// What stands before the bare key in a `SubjectPublicKeyInfo` (RFC 8410, RFC 5480).
private enum SPKIPrefix {
  static let ed25519: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  static let p256 = p256(outer: 0x59, bits: 0x42)
  static let p256Compressed = p256(outer: 0x39, bits: 0x22)

  private static func p256(outer: UInt8, bits: UInt8) -> [UInt8] {
    [0x30, outer, 0x30, 0x13]
      + [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
      + [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
      + [0x03, bits, 0x00]
  }
}

extension [UInt8] {
  /// The bytes in the way that the `d2i_` functions want them: a pointer that they move on. Bytes
  /// after the end of the value make the call fail.
  func withDERPointer(
    _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
  ) -> OpaquePointer? {
    unsafe withUnsafeBufferPointer { buffer in
      var position = buffer.baseAddress
      return unsafe read(&position, buffer.count)
    }
  }
}
