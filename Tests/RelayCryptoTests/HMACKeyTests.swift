import RelayCrypto
import Testing

@Suite struct HMACKeyTests {
  private let secret = Array("Jefe".utf8)
  private let message = Array("what do ya want for nothing?".utf8)

  @Test(
    arguments: [
      (.sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
      (.sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
      (
        .sha512,
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
          + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
      ),
    ] as [(DigestAlgorithm, String)])
  func `the code is the one of RFC 2202 and RFC 4231, also the second time`(
    algorithm: DigestAlgorithm, expected: String
  ) throws {
    let key = try HMACKey(algorithm, secret: secret)
    #expect(Hex.text(try key.code(message)) == expected)
    #expect(Hex.text(try key.code(message)) == expected)
  }

  @Test func `a secret longer than the block is hashed first, as RFC 4231 case 6 wants`() throws {
    let key = try HMACKey(.sha256, secret: [UInt8](repeating: 0xAA, count: 131))
    let code = try key.code(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
    #expect(Hex.text(code) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func `pieces give the code of the whole, and a code that was given up leaves nothing behind`() throws
  {
    let key = try HMACKey(.sha256, secret: secret)
    let whole = try key.code(message)
    #expect(throws: CryptoError.notAuthentic) {
      _ = try key.code { stream throws(CryptoError) in
        try stream.update([1, 2, 3].span)
        throw CryptoError.notAuthentic
      }
    }
    let pieces = try key.code { stream throws(CryptoError) in
      try stream.update(message[..<7])
      try stream.update(message[7...])
    }
    #expect(pieces == whole)
  }

  @Test func `one key inside another's computation keeps both right`() throws {
    let key = try HMACKey(.sha256, secret: secret)
    let whole = try key.code(message)
    let outer = try key.code { stream throws(CryptoError) in
      try stream.update(message[..<4])
      _ = try key.code([9])
      try stream.update(message[4...])
    }
    #expect(outer == whole)
  }

  @Test func `many threads share a key`() async throws {
    let key = try HMACKey(.sha256, secret: secret)
    let messages = (0..<200).map { [UInt8](repeating: UInt8($0), count: $0 * 7) }
    let expected = try messages.map { try key.code($0) }
    try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
      for _ in 0..<4 { group.addTask { try messages.map { try key.code($0) } } }
      for try await codes in group { #expect(codes == expected) }
    }
  }

  @Test func `an empty secret is refused`() {
    #expect(throws: CryptoError.unusableKey("the secret is empty")) { try HMACKey(.sha256, secret: []) }
  }
}
