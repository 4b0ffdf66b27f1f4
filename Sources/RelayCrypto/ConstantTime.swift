internal import COpenSSL

/// Comparisons whose time tells nothing about the bytes compared.
package enum ConstantTime {
  /// Whether both are the same bytes: `CRYPTO_memcmp`. Only the lengths may show in the time.
  package static func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
      }
    }
  }

  /// Whether both are the same bytes.
  package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool { equal(a.span, b.span) }
}
