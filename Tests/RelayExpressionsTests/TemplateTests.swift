import RelayDocuments
import RelayExpressions
import Testing

@Suite struct TemplateTests {
  @Test(arguments: [
    ("plain", #""plain""#), ("", #""""#), ("{{ event.body.count }}", "3"), ("{{event.body.amount}}", "1.10"),
    (" {{ event.body.count }}", #"" 3""#), ("n={{ event.body.amount }}!", #""n=1.10!""#),
    ("{{ event.body.none }}", "null"), ("x{{ event.body.none }}y", #""xy""#), ("{{ '}}' }}", #""}}""#),
    ("a{{ '}}' + \"}}\" }}b", #""a}}}}b""#), ("{{ {'a': {'b': 1}} }}", #"{"a":{"b":1}}"#),
    ("{{ {'a': {'b': 1}}}}", #"{"a":{"b":1}}"#), ("{{ '{{ event.type }}' }}", #""{{ event.type }}""#),
    ("{{ event.type }}{{ event.type }}", #""issuesissues""#), ("{ {x} }", #""{ {x} }""#), ("}}", #""}}""#),
    ("l: {{ event.body.issue.labels }}", #""l: [{\"name\":\"bug\"},{\"name\":\"p1\"}]""#),
    ("{{ raw }}", #""AP8=""#), ("b {{ raw }}", #""b AP8=""#),
    ("at {{ received }}", #""at 2026-09-21T14:13:20.123Z""#),
    ("{{ event.body.ok }}", "true"), ("é {{ 'ü' }}", #""é ü""#),
  ])
  func `a template has its value`(source: String, expected: String) throws {
    #expect(try Template(parsing: source).value(in: try sampleScope()).asJSON.text == expected)
  }

  @Test(arguments: [
    ("{{ event.type", #"expected "}}", found the end (column 14 of "{{ event.type")"#),
    ("é {{ 1 } }", #"expected "}}", found "}" (column 8 of "é {{ 1 } }")"#),
    ("{{}}", #"expected a value, found "}" (column 3 of "{{}}")"#),
    ("{{ a b }}", #"expected "}}", found "b" (column 6 of "{{ a b }}")"#),
    ("x {{ 'a }}", #"a string does not end (column 6 of "x {{ 'a }}")"#),
  ])
  func `a broken template is refused with its place`(source: String, expected: String) {
    let error = #expect(throws: ExpressionError.self) { try Template(parsing: source) }
    #expect(error?.description == expected)
  }

  @Test func `an error in an expression says where it is in the template`() throws {
    let template = try Template(parsing: "hello {{ evnt.body }}")
    let scope = try sampleScope()
    let error = #expect(throws: ExpressionError.self) { try template.text(in: scope) }
    #expect(error?.column == 10)
  }

  @Test func `a value template keeps what is literal and evaluates the rest`() throws {
    let document =
      #"{"a":1.50,"b":["{{ event.body.count }}","x"],"c":{"d":"{{ event.body.amount }}"},"e":null}"#
    let diagnostics = Diagnostics(file: "t.json")
    let node = try DocumentNode.parse(json: Array(document.utf8), file: "t.json")
    let template = ValueTemplate(node, diagnostics)
    #expect(
      try template.value(in: try sampleScope()).text == #"{"a":1.50,"b":[3,"x"],"c":{"d":1.10},"e":null}"#)
    #expect(template.literal == nil)
    #expect(template.expressions.count == 2)
    #expect(diagnostics.all == [])
  }

  @Test func `every broken string of a value template is reported at its place`() throws {
    let document = "{\"a\":\"{{ 1 +\",\n\"b\":[\"{{ ok }}\",\"{{ )\"],\n\"{{ c }}\":1}"
    let diagnostics = Diagnostics(file: "t.json")
    _ = ValueTemplate(try DocumentNode.parse(json: Array(document.utf8), file: "t.json"), diagnostics)
    #expect(diagnostics.all.map { [$0.line, $0.column] } == [[1, 6], [2, 17], [3, 1]])
  }
}
