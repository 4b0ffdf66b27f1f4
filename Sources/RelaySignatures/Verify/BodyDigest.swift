internal import RelayCrypto
internal import RelayModel

/// The body's digest, where a scheme signs that instead of the body.
enum BodyDigest {
  static func sha256(_ body: [UInt8]) throws(Refusal) -> [UInt8] {
    do {
      return try DigestAlgorithm.sha256.digest(body)
    } catch {
      throw .undecidable(error)
    }
  }
}

extension Refusal {
  /// OpenSSL could not compute what the request should be compared with: it is refused.
  static func undecidable(_ error: CryptoError) -> Refusal {
    Refusal(.noMatchingSignature, "the signature could not be computed: \(error)")
  }
}

/// CRC-32 as in Ethernet and ZIP: what PayPal signs of a body.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
  }
}
