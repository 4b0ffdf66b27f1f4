internal import COpenSSL
internal import Synchronization

/// A secret for HMAC, prepared once and used from any thread.
///
/// Keying an HMAC costs more than hashing a kibibyte, so keyed contexts are kept: a computation
/// borrows an idle one and re-initialises it (`EVP_MAC_init` without a key), which leaves the hash as
/// the only cost. There are never more contexts than threads that computed at once.
package final class HMACKey: Sendable {
  package let algorithm: DigestAlgorithm
  private let secret: [UInt8]
  private let idle: Mutex<[HMACContext]>

  /// Keys the first context, so that an unusable secret shows here and not at the first request.
  package init(_ algorithm: DigestAlgorithm, secret: [UInt8]) throws(CryptoError) {
    guard !secret.isEmpty else { throw .unusableKey("the secret is empty") }
    self.algorithm = algorithm
    self.secret = secret
    self.idle = Mutex([try HMACContext(algorithm, secret)])
  }

  deinit {
    idle.withLock { contexts in
      for context in contexts { context.free() }
    }
  }

  /// The code over what `feed` gives to the stream.
  package func code(
    over feed: (borrowing HMACStream) throws(CryptoError) -> Void
  ) throws(CryptoError) -> [UInt8] {
    let context: HMACContext
    if let kept = idle.withLock({ $0.popLast() }) {
      context = kept
    } else {
      context = try HMACContext(algorithm, secret)
    }
    defer { idle.withLock { $0.append(context) } }
    try context.restart()
    try feed(HMACStream(context: context))
    return try context.finish(byteCount: algorithm.byteCount)
  }

  /// The code over `bytes`.
  package func code(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    try code { stream throws(CryptoError) in try stream.update(bytes.span) }
  }
}

/// The open end of one HMAC computation; lives inside `HMACKey.code(over:)` only.
package struct HMACStream: ~Copyable {
  private let context: HMACContext

  fileprivate init(context: HMACContext) { self.context = context }

  /// `EVP_MAC_update`.
  package func update(_ bytes: Span<UInt8>) throws(CryptoError) { try context.update(bytes) }

  package func update(_ bytes: ArraySlice<UInt8>) throws(CryptoError) { try context.update(bytes.span) }
}

/// A keyed `EVP_MAC_CTX`.
///
/// `@unchecked Sendable`: the pointer is reached by one thread at a time, the one that took it out of
/// its key's list of idle contexts.
@safe private struct HMACContext: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ algorithm: DigestAlgorithm, _ secret: [UInt8]) throws(CryptoError) {
    guard let implementation = unsafe FetchedMAC.hmac.pointer,
      let pointer = unsafe EVP_MAC_CTX_new(implementation)
    else { throw .failed(call: "EVP_MAC_CTX_new") }
    guard unsafe petrel_hmac_begin(pointer, algorithm.name, secret, secret.count) == 1 else {
      unsafe EVP_MAC_CTX_free(pointer)
      throw .failed(call: "EVP_MAC_init")
    }
    unsafe self.pointer = pointer
  }

  func restart() throws(CryptoError) {
    guard unsafe EVP_MAC_init(pointer, nil, 0, nil) == 1 else { throw .failed(call: "EVP_MAC_init") }
  }

  func update(_ bytes: Span<UInt8>) throws(CryptoError) {
    let done = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe EVP_MAC_update(pointer, buffer.baseAddress, buffer.count)
    }
    guard done == 1 else { throw .failed(call: "EVP_MAC_update") }
  }

  func finish(byteCount: Int) throws(CryptoError) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: byteCount)
    var written = 0
    guard unsafe EVP_MAC_final(pointer, &code, &written, byteCount) == 1, written == byteCount else {
      throw .failed(call: "EVP_MAC_final")
    }
    return code
  }

  func free() { unsafe EVP_MAC_CTX_free(pointer) }
}

/// `EVP_MAC_fetch`, once: immutable, and alive as long as the process.
@safe private struct FetchedMAC: @unchecked Sendable {
  let pointer = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
  static let hmac = FetchedMAC()
}
