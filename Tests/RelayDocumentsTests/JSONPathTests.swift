import RelayDocuments
import Testing

@Suite struct JSONPathTests {
  private static let text = #"""
    {"a":{"b":[{"c":"x"},{"c":2},[3,4]]}, "0":"zero", "odd name":{"x.y":true}, "esc\u0061pe": {"n":null},
     "deep":[[[["}]\"{["]]]], "twice":1, "twice":{"c":2}}
    """#

  @Test(arguments: [
    ("a.b[0].c", #""x""#), ("a.b.0.c", #""x""#), ("a.b[1].c", "2"), ("a.b[2][1]", "4"), ("a.b[].c", #""x""#),
    ("0", #""zero""#), (#"["odd name"]["x.y"]"#, "true"), ("['odd name']", #"{"x.y":true}"#),
    ("escape.n", "null"), ("deep.0.0.0.0", #""}]\"{[""#), ("twice.c", "2"),
  ])
  func `a path finds its value in a tree and in raw bytes`(path: String, expected: String) throws {
    let parsed = try #require(JSONPath(path))
    let tree = try JSON.parse(text: Self.text, duplicates: .keepLast)
    #expect(tree.value(at: parsed)?.text == expected)
    #expect(tree.value(at: path)?.text == expected)
    #expect(JSONScan.find(parsed, in: Array(Self.text.utf8))?.text == expected)
  }

  @Test(arguments: ["a.c", "a.b[3]", "a.b[0].c.d", "x", "a.b.c", "[0]", "a[0]", "twice.b", "deep.1", "0.a"])
  func `a path to nothing finds nothing`(path: String) throws {
    let parsed = try #require(JSONPath(path))
    #expect(try JSON.parse(text: Self.text, duplicates: .keepLast).value(at: parsed) == nil)
    #expect(JSONScan.find(parsed, in: Array(Self.text.utf8)) == nil)
  }

  @Test(arguments: [".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[0]b", "[\"a]", "a[99999999999]"])
  func `what is no path is refused`(path: String) {
    #expect(JSONPath(path) == nil)
  }

  @Test(arguments: [
    "", "{", #"{"a""#, #"{"a":"#, #"{"b":1 "a":2}"#, #"{"a":tru}"#, #"{"a":"x"#, "not json", #"{a:1}"#, "[",
    #"{"a":1"#, #"{"a":,"b":1}"#, "\u{0}", #"{"a":"\ud800"}"#,
  ])
  func `a scan of what is no JSON finds nothing`(text: String) throws {
    let path = try #require(JSONPath("a"))
    #expect(JSONScan.find(path, in: Array(text.utf8)) == nil)
  }

  @Test func `a scan passes deep nesting without recursion`() throws {
    let path = try #require(JSONPath("id"))
    let deep = String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)
    #expect(JSONScan.find(path, in: Array(#"{"x":\#(deep),"id":"i1"}"#.utf8))?.string == "i1")
  }

  @Test func `a pretty document has a member a line`() throws {
    let value = try JSON.parse(text: #"{"a":[1,{"b":[]}],"c":{}}"#)
    #expect(
      value.prettyText == """
        {
          "a": [
            1,
            {
              "b": []
            }
          ],
          "c": {}
        }
        """)
  }

  @Test func `a written string escapes what must be escaped and nothing else`() {
    let value = JSON.string("\"\\/\n\r\t\u{1}\u{7f}é\u{2028}")
    #expect(value.text == "\"\\\"\\\\/\\n\\r\\t\\u0001\u{7f}é\u{2028}\"")
  }
}
