import RelayCrypto
import Testing

@Suite struct HexTests {
  @Test func `every byte is written in lower case and read in either`() {
    let bytes = Array(UInt8.min...UInt8.max)
    let text = Hex.text(bytes)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(Hex.decode(text.utf8) == bytes)
    #expect(Hex.decode(text.uppercased().utf8) == bytes)
    #expect(Hex.decode("".utf8) == [])
  }

  @Test(arguments: ["0", "0g", " 00", "00 ", "0x00", "00\n", "é0"])
  func `what is no hex is refused`(text: String) { #expect(Hex.decode(text.utf8) == nil) }
}

@Suite struct Base64Tests {
  @Test(
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func `the examples of RFC 4648 go both ways, with and without padding`(plain: String, text: String) {
    #expect(Base64.standard.text(Array(plain.utf8)) == text)
    #expect(Base64.standard.decode(text.utf8) == Array(plain.utf8))
    let bare = text.filter { $0 != "=" }
    #expect(Base64.standard.decode(bare.utf8) == Array(plain.utf8))
    #expect(Base64.urlSafe.text(Array(plain.utf8)) == bare)
    #expect(Base64.urlSafe.decode(bare.utf8) == Array(plain.utf8))
  }

  @Test func `each alphabet has its own two last digits`() {
    #expect(Base64.standard.text([0xFB, 0xEF, 0xFF]) == "++//")
    #expect(Base64.urlSafe.text([0xFB, 0xEF, 0xFF]) == "--__")
    #expect(Base64.standard.decode("--__".utf8) == nil)
    #expect(Base64.urlSafe.decode("++//".utf8) == nil)
  }

  @Test(
    arguments: [
      "Z", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm=v", "=", "====",
      "Zg==Zg==",
    ])
  func `what is not the one text of its bytes is refused`(text: String) {
    #expect(Base64.standard.decode(text.utf8) == nil)
  }
}

@Suite struct ConstantTimeTests {
  @Test func `only the same bytes are equal`() {
    #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
    #expect(ConstantTime.equal([], []))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
    #expect(!ConstantTime.equal([], [0]))
  }
}
