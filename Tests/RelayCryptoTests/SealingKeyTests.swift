import RelayCrypto
import Testing

@Suite struct SealingKeyTests {
  private let plain = Array("whsec_of_no_value".utf8)
  private let context = Array("secrets/github".utf8)

  private func key(_ first: UInt8 = 1) throws -> SealingKey {
    try SealingKey([first] + [UInt8](repeating: 7, count: 31))
  }

  @Test func `what was sealed opens under the same key and context`() throws {
    for plain in [plain, [], [UInt8](repeating: 3, count: 100_000)] {
      #expect(try key().open(key().seal(plain, context: context), context: context) == plain)
      #expect(try key().open(key().seal(plain, context: []), context: []) == plain)
    }
  }

  @Test func `the same value is sealed differently each time`() throws {
    let first = try key().seal(plain, context: context)
    #expect(first.count == 12 + plain.count + 16)
    #expect(try first != key().seal(plain, context: context))
  }

  @Test func `a box from another implementation opens`() throws {
    // Python's cryptography: AESGCM(key).encrypt(nonce, b"relay", b"ctx"), nonce first.
    let box = try #require(
      Hex.decode("6465666768696a6b6c6d6e6f3a7eb20700e9c510d02771198c34141f4f868ae790".utf8))
    #expect(try SealingKey(Array(0..<32)).open(box, context: Array("ctx".utf8)) == Array("relay".utf8))
  }

  @Test func `any changed bit, a cut, another key or another context is refused`() throws {
    let sealed = try key().seal(plain, context: context)
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 0x10
      #expect(throws: CryptoError.notAuthentic) { try key().open(changed, context: context) }
      let cut = Array(sealed[..<index])
      #expect(throws: CryptoError.notAuthentic) { try key().open(cut, context: context) }
    }
    #expect(throws: CryptoError.notAuthentic) { try key(2).open(sealed, context: context) }
    #expect(throws: CryptoError.notAuthentic) {
      try key().open(sealed, context: Array("secrets/stripe".utf8))
    }
  }

  @Test func `a key of another length is refused`() {
    #expect(throws: CryptoError.self) { try SealingKey([1, 2, 3]) }
  }
}

@Suite struct SecureRandomTests {
  @Test func `random bytes come in the number asked for and differ`() {
    let random = SecureRandom()
    #expect(random.bytes(0).isEmpty)
    #expect(random.bytes(32).count == 32)
    #expect(random.bytes(32) != random.bytes(32))
    #expect(random.bits() != random.bits())
  }
}
