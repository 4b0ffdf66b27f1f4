import RelayCrypto
import Testing

@Suite struct DigestTests {
  @Test(
    arguments: [
      (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        .sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
    ] as [(DigestAlgorithm, String)])
  func `the digest of abc is the one of FIPS 180`(algorithm: DigestAlgorithm, expected: String) throws {
    #expect(Hex.text(try algorithm.digest(Array("abc".utf8))) == expected)
    #expect(algorithm.byteCount * 2 == expected.utf8.count)
  }

  @Test func `a digest over pieces is the digest of the whole`() throws {
    let stream = try DigestStream(.sha256)
    try stream.update(Array("a".utf8).span)
    try stream.update([UInt8]().span)
    try stream.update(Array("bc".utf8).span)
    #expect(try stream.finish() == DigestAlgorithm.sha256.digest(Array("abc".utf8)))
  }

  @Test func `an empty message has a digest`() throws {
    let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(Hex.text(try DigestAlgorithm.sha256.digest([])) == expected)
  }
}
