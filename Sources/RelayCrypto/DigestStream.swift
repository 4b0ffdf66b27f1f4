internal import COpenSSL

/// A digest over bytes that come in pieces. Owns an `EVP_MD_CTX`.
@safe package struct DigestStream: ~Copyable {
  private let context: OpaquePointer
  private let algorithm: DigestAlgorithm

  /// `EVP_DigestInit_ex`.
  package init(_ algorithm: DigestAlgorithm) throws(CryptoError) {
    guard let context = unsafe EVP_MD_CTX_new() else { throw .failed(call: "EVP_MD_CTX_new") }
    guard unsafe EVP_DigestInit_ex(context, algorithm.implementation, nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw .failed(call: "EVP_DigestInit_ex")
    }
    unsafe self.context = context
    self.algorithm = algorithm
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// `EVP_DigestUpdate`.
  package func update(_ bytes: Span<UInt8>) throws(CryptoError) {
    let done = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
    guard done == 1 else { throw .failed(call: "EVP_DigestUpdate") }
  }

  /// `EVP_DigestFinal_ex`: the digest of all that was given.
  package consuming func finish() throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
    guard unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
      throw .failed(call: "EVP_DigestFinal_ex")
    }
    return digest
  }
}

extension DigestAlgorithm {
  /// The digest of `bytes`.
  package func digest(_ bytes: Span<UInt8>) throws(CryptoError) -> [UInt8] {
    let stream = try DigestStream(self)
    try stream.update(bytes)
    return try stream.finish()
  }

  /// The digest of `bytes`.
  package func digest(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] { try digest(bytes.span) }
}
