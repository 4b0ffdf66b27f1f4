import RelayDocuments
import Testing

@Suite struct JSONParseTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "12.50", "1e400", "-1.5E-7", "123456789012345678901234567890",
    "\"\"", "\"é😀\"", "[]", "{}", "[1,[2,{\"a\":null}]]", "{\"b\":1,\"a\":{\"c\":[true,\"x\"]}}",
  ])
  func `a document is written as it was read`(text: String) throws {
    #expect(try JSON.parse(text: text).text == text)
  }

  @Test(arguments: [
    (#""\u0041\n\t\r\b\f\/\\\"""#, "A\n\t\r\u{8}\u{c}/\\\""), (#""\ud83d\ude00""#, "😀"),
    (#""\u0000x""#, "\0x"), (#""plain \u00e9 tail""#, "plain é tail"),
  ])
  func `escapes are decoded`(text: String, expected: String) throws {
    #expect(try JSON.parse(text: text).string == expected)
  }

  @Test(arguments: [
    "", " ", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1 2]", "{\"a\" 1}", "01", "-", "1.", ".5", "+1",
    "1e", "1e+", "NaN", "Infinity", "tru", "nulll", "\"", "\"a", "\"\t\"", "\"\\x\"", "\"\\u12\"",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "[", "[1", "{", "{\"a\"", "{\"a\":", "]", "1 2",
    "// x\n1", "\u{FEFF}1", "\"\\",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSON.parse(text: text) }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0xEF, 0xBB, 0xBF, 0x31],
    ] as [[UInt8]])
  func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSON.parse(bytes) }
  }

  @Test func `an error says where it is`() {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text: "{\n  \"é\": 1,\n  \"b\": x\n}") }
    #expect(error?.line == 3)
    #expect(error?.column == 8)
    #expect(error?.offset == 20)
    #expect(error?.description == "line 3, column 8: expected a value")
  }

  @Test func `a document nested to the limit is read and one level more is refused`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON.parse(text: nested(128))
    #expect(throws: JSONError.self) { try JSON.parse(text: nested(129)) }
    #expect(throws: JSONError.self) { try JSON.parse(text: String(repeating: "{\"a\":", count: 1_000_000)) }
    _ = try JSON.parse(text: nested(3), maxDepth: 3)
    #expect(throws: JSONError.self) { try JSON.parse(text: nested(4), maxDepth: 3) }
  }

  @Test func `a member that appears twice is refused or the last one counts`() throws {
    let text = #"{"a":1,"b":2,"\u0061":3}"#
    let error = #expect(throws: JSONError.self) { try JSON.parse(text: text) }
    #expect(error?.message == "the member \"a\" appears twice")
    #expect(try JSON.parse(text: text, duplicates: .keepLast).text == #"{"a":3,"b":2}"#)
  }

  @Test func `a repeated member is found among many`() throws {
    let many = (0..<100).map { "\"m\($0)\":\($0)" }
    for repeated in [0, 23, 24, 25, 99] {
      let text = "{\((many + ["\"m\(repeated)\":true"]).joined(separator: ","))}"
      #expect(throws: JSONError.self) { try JSON.parse(text: text) }
      let kept = try JSON.parse(text: text, duplicates: .keepLast)
      #expect(kept.object?.count == 100)
      #expect(kept["m\(repeated)"] == true)
    }
  }

  @Test func `numbers keep their text and tell whether they are integers`() throws {
    let value = try JSON.parse(text: "[1.10, 7, 9223372036854775808, 5.0]")
    #expect(value.text == "[1.10,7,9223372036854775808,5.0]")
    #expect(value.array?.map { $0.int } == [nil, 7, nil, nil])
  }

  @Test func `random bytes never crash the parser and what it accepts it writes and reads again`() throws {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array(#"{}[]",:\u0123ntf-+.eE truefalsnl"#.utf8) + [0xC3, 0xA9, 0xFF, 0x00]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      let accepted: JSON
      do {
        accepted = try JSON.parse(bytes, duplicates: .keepLast)
      } catch {
        continue
      }
      #expect(try JSON.parse(accepted.serialized()) == accepted)
    }
  }
}

struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
