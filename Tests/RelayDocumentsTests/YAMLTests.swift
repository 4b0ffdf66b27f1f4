import RelayDocuments
import RelayModel
import Testing

@Suite struct YAMLTests {
  private func read(_ text: String, limits: DocumentLimits = DocumentLimits()) throws -> DocumentNode {
    try DocumentNode.parse(yaml: Array(text.utf8), file: "t.yaml", limits: limits)
  }

  private func refusal(_ text: String, limits: DocumentLimits = DocumentLimits()) -> String? {
    do {
      _ = try read(text, limits: limits)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("no", #""no""#), ("yes", #""yes""#), ("on", #""on""#), ("true", "true"), ("False", "false"),
    ("~", "null"),
    ("", "null"), ("2026-01-02", #""2026-01-02""#), ("012", "12"), ("0o14", "12"), ("0x1F", "31"),
    ("+5", "5"),
    ("-0.50", "-0.50"), (".5", "0.5"), ("5.", "5.0"), ("1e3", "1e3"), ("1.5E+3", "1.5e3"),
    ("1_000", #""1_000""#),
    (".inf", #"".inf""#), ("12:30:00", #""12:30:00""#), ("127.0.0.1:8080", #""127.0.0.1:8080""#),
    ("'5'", #""5""#), ("\"true\"", #""true""#), ("!!str 5", #""5""#), ("!!int 5", "5"), ("1e", #""1e""#),
    ("-", "[null]"), (".", #"".""#), ("+", #""+""#), ("0x", #""0x""#), ("1.10", "1.10"),
  ])
  func `a scalar is read by the 1_2 core schema`(text: String, expected: String) throws {
    #expect(try read(text).json.text == expected)
  }

  @Test func `names are text and every node knows its place`() throws {
    let node = try read("# c\n200: ok\nnested:\n  null: [1, {é: x}]\n  'q': |\n    a\n    b\n")
    #expect(node.json.text == #"{"200":"ok","nested":{"null":[1,{"é":"x"}],"q":"a\nb\n"}}"#)
    let nested = try #require(node["nested"])
    #expect(nested.position == DocumentPosition(line: 4, column: 3))
    let map = try #require(nested["null"]?.elements?[1])
    #expect(map.position == DocumentPosition(line: 4, column: 13))
    #expect(map.members?[0].position == DocumentPosition(line: 4, column: 14))
    #expect(map["é"]?.position == DocumentPosition(line: 4, column: 17))
  }

  @Test func `an alias stands for what its anchor named`() throws {
    #expect(
      try read("a: &x {k: [1]}\nb: *x\nc: [*x]").json.text
        == #"{"a":{"k":[1]},"b":{"k":[1]},"c":[{"k":[1]}]}"#)
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3", "t.yaml:3:1: \"a\" is already in line 1"),
    ("b: &x {k: 1}\nc:\n  <<: *x", "t.yaml:3:3: merge keys (<<) are not supported; write the members out"),
    ("a: 1\n---\nb: 2", "t.yaml:2:1: a second document; only one per file is read"),
    ("a: *x", "t.yaml:1:4: the anchor &x is not known here"),
    ("a: &x [*x]", "t.yaml:1:8: the anchor &x is not known here"),
    ("a: !foo 1", "t.yaml:1:4: the tag !foo is not supported here"),
    ("!!set {a}", "t.yaml:1:1: the tag tag:yaml.org,2002:set is not supported here"),
    ("[a]: 1", "t.yaml:1:1: a member's name must be a plain value"),
  ])
  func `what is not supported is refused with its place`(text: String, expected: String) {
    #expect(refusal(text) == expected)
  }

  @Test(arguments: ["a: [1", "a: b: c", "\tb: 1", "a: 'x", "{a: 1", "a: @x", "- a\nb: 1"])
  func `broken syntax is refused with its place`(text: String) {
    #expect(refusal(text)?.hasPrefix("t.yaml:") == true)
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect(throws: Diagnostic.self) {
      try DocumentNode.parse(yaml: [0x61, 0x3A, 0x20, 0xFF, 0xFE], file: "t.yaml")
    }
  }

  @Test func `a billion laughs are refused at the cap`() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      text += "a\(level): &a\(level) [\(names)]\n"
    }
    #expect(refusal(text)?.contains("more than 200000 values") == true)
  }

  @Test func `depth and size are bounded`() {
    #expect(refusal(String(repeating: "[", count: 100_000))?.contains("nested deeper than 64 levels") == true)
    var limits = DocumentLimits()
    limits.size = ByteCount(8)
    #expect(refusal("a: 1234567", limits: limits) == "t.yaml:1:1: larger than 8B")
  }

  @Test func `a setting from outside replaces or adds a value`() throws {
    let node = try read("admin: {listen: a}\ndrain: 30s")
      .setting(["admin", "listen"], to: .plainScalar("127.0.0.1:1"))
      .setting(["limits", "connections"], to: .plainScalar("12"))
      .setting(["drain"], to: .plainScalar("1m"))
    #expect(
      node.json.text == #"{"admin":{"listen":"127.0.0.1:1"},"drain":"1m","limits":{"connections":12}}"#)
  }

  @Test func `a JSON file has places too and refuses a repeated member`() throws {
    let node = try DocumentNode.parse(json: Array("{\n \"é\": {\"b\": [1, true]}\n}".utf8), file: "t.json")
    #expect(node["é"]?.position == DocumentPosition(line: 2, column: 7))
    #expect(node["é"]?["b"]?.elements?[1].position == DocumentPosition(line: 2, column: 17))
    let error = #expect(throws: Diagnostic.self) {
      try DocumentNode.parse(json: Array("{\"a\":1,\n\"a\":2}".utf8), file: "t.json")
    }
    #expect(error?.description == "t.json:2:1: the member \"a\" appears twice")
  }

  @Test func `a file is read by its name`() throws {
    #expect(try DocumentNode.parse(Array("a: b".utf8), file: "x/petrel.yaml").json.text == #"{"a":"b"}"#)
    #expect(try DocumentNode.parse(Array(#"{"a":1}"#.utf8), file: "w.json").json.text == #"{"a":1}"#)
    #expect(throws: Diagnostic.self) { try DocumentNode.parse(Array("a: b".utf8), file: "w.json") }
  }

  @Test func `random text never crashes the reader`() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!!str ", "'", "\"", "|\n", ">", "#",
      "? ", "<<", "\t",
      "---\n", "é", "1", "~",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...16, using: &generator))
        .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      do {
        let node = try DocumentNode.parse(yaml: Array(text.utf8), file: "t.yaml")
        #expect(node.position.line >= 1)
      } catch {
        #expect(error.line >= 1 && error.column >= 1, "\(text)")
      }
    }
  }
}
