internal import COpenSSL

/// One AES-256-GCM computation: owns its `EVP_CIPHER_CTX`.
@safe struct AESGCM: ~Copyable {
  private let context: OpaquePointer

  init(key: [UInt8], nonce: [UInt8], encrypts: Bool) throws(CryptoError) {
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .failed(call: "EVP_CIPHER_CTX_new") }
    // GCM's default nonce length is the 12 bytes that are used here.
    guard unsafe EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), key, nonce, encrypts ? 1 : 0, nil) == 1
    else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .failed(call: "EVP_CipherInit_ex2")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Binds `bytes` to the result without encrypting them.
  func authenticate(_ bytes: [UInt8]) throws(CryptoError) {
    guard !bytes.isEmpty else { return }
    var written: Int32 = 0
    guard unsafe EVP_CipherUpdate(context, nil, &written, bytes, try Self.length(bytes)) == 1 else {
      throw .failed(call: "EVP_CipherUpdate")
    }
  }

  /// Encrypts or decrypts `bytes`; what was decrypted may be used only after `checkTag`.
  func update(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    var output = [UInt8](repeating: 0, count: bytes.count)
    var written: Int32 = 0
    guard unsafe EVP_CipherUpdate(context, &output, &written, bytes, try Self.length(bytes)) == 1,
      Int(written) == bytes.count
    else { throw .failed(call: "EVP_CipherUpdate") }
    return output
  }

  consuming func finishTag(byteCount: Int) throws(CryptoError) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: byteCount)
    guard finishes(),
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(byteCount), &tag) == 1
    else { throw .failed(call: "EVP_CipherFinal_ex") }
    return tag
  }

  consuming func checkTag(_ tag: [UInt8]) throws(CryptoError) {
    var tag = tag
    guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
      throw .failed(call: "EVP_CIPHER_CTX_ctrl")
    }
    guard finishes() else {
      ERR_clear_error()
      throw .notAuthentic
    }
  }

  private func finishes() -> Bool {
    var rest = [UInt8](repeating: 0, count: 16)
    var written: Int32 = 0
    return unsafe EVP_CipherFinal_ex(context, &rest, &written) == 1
  }

  private static func length(_ bytes: [UInt8]) throws(CryptoError) -> Int32 {
    guard let length = Int32(exactly: bytes.count) else {
      throw .failed(call: "EVP_CipherUpdate over 2 GiB")
    }
    return length
  }
}
