internal import COpenSSL

/// A 256-bit key that seals values with AES-256-GCM: nobody without it can read or change them.
package struct SealingKey: Sendable {
  package static let byteCount = 32
  private static let nonceByteCount = 12
  private static let tagByteCount = 16
  private let bytes: [UInt8]

  /// Throws unless `bytes` are 32.
  package init(_ bytes: [UInt8]) throws(CryptoError) {
    guard bytes.count == Self.byteCount else {
      throw .unusableKey("\(bytes.count) bytes; AES-256 takes \(Self.byteCount)")
    }
    self.bytes = bytes
  }

  /// Seals `plain`, bound to `context` (authenticated, not stored): the same context must be given to
  /// open it. The answer is nonce, ciphertext, tag. The nonce is random, so one key is good for 2³²
  /// values.
  package func seal(
    _ plain: [UInt8], context: [UInt8], random: SecureRandom = SecureRandom()
  ) throws(CryptoError) -> [UInt8] {
    let nonce = random.bytes(Self.nonceByteCount)
    let cipher = try AESGCM(key: bytes, nonce: nonce, encrypts: true)
    try cipher.authenticate(context)
    let sealed = try cipher.update(plain)
    return nonce + sealed + (try cipher.finishTag(byteCount: Self.tagByteCount))
  }

  /// A key of its own for `purpose`: who has that learns nothing of this one, nor of those for other purposes.
  package func derived(_ purpose: String) throws(CryptoError) -> [UInt8] {
    try HMACKey(.sha256, secret: bytes).code(Array("petrel key for \(purpose)".utf8))
  }

  /// Opens what `seal` made; throws `notAuthentic` where anything of it, or the context, differs.
  package func open(_ sealed: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard sealed.count >= Self.nonceByteCount + Self.tagByteCount else { throw .notAuthentic }
    let tagStart = sealed.count - Self.tagByteCount
    let cipher = try AESGCM(key: bytes, nonce: Array(sealed[..<Self.nonceByteCount]), encrypts: false)
    try cipher.authenticate(context)
    let plain = try cipher.update(Array(sealed[Self.nonceByteCount..<tagStart]))
    try cipher.checkTag(Array(sealed[tagStart...]))
    return plain
  }
}
