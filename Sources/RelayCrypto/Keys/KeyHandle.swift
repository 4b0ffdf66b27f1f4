internal import COpenSSL

/// The one owner of an `EVP_PKEY`. Not copyable: a key is freed once, with its owner.
///
/// `@unchecked Sendable`: nothing changes a key after it was read, and OpenSSL's own lazily cached
/// exports of one are locked, so that any number of threads may use it at once.
@safe struct KeyHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over `pointer`; throws where OpenSSL could not read the key.
  init(_ pointer: OpaquePointer?, _ expected: String) throws(CryptoError) {
    // What failed stays in this thread's error queue, where later calls would find it.
    ERR_clear_error()
    guard let pointer = unsafe pointer else { throw .unusableKey("it is no \(expected)") }
    unsafe self.pointer = pointer
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  var kind: KeyKind? {
    if unsafe EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
    if unsafe EVP_PKEY_is_a(pointer, "RSA") == 1 { return .rsa }
    guard unsafe EVP_PKEY_is_a(pointer, "EC") == 1 else { return nil }
    var name = [CChar](repeating: 0, count: 64)
    guard unsafe EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1 else { return nil }
    return name.starts(with: "prime256v1\0".utf8.map(CChar.init)) ? .p256 : nil
  }

  /// The public half as a `SubjectPublicKeyInfo` (`i2d_PUBKEY`).
  func spki() throws(CryptoError) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    let count = unsafe i2d_PUBKEY(pointer, &output)
    guard count > 0, let output = unsafe output else { throw .failed(call: "i2d_PUBKEY") }
    defer { unsafe CRYPTO_free(output, #file, #line) }
    return unsafe Array(UnsafeBufferPointer(start: output, count: Int(count)))
  }

  /// The kind, or why the key cannot be used.
  func checkedKind() throws(CryptoError) -> KeyKind {
    guard let kind else { throw .unusableKey("it is neither Ed25519 nor ECDSA P-256 nor RSA") }
    if kind == .rsa, unsafe EVP_PKEY_get_bits(pointer) < 1024 {
      throw .unusableKey("an RSA key of fewer than 1024 bits")
    }
    return kind
  }
}

/// The kinds of asymmetric keys that providers sign with.
package enum KeyKind: Sendable, Hashable { case ed25519, p256, rsa }
