import RelayDocuments
import RelayModel
import Testing

@Suite struct ShapeTests {
  private func schema(_ form: some Form) -> JSON {
    var definitions = SchemaDefinitions()
    return .object(form.schema(&definitions))
  }

  @Test func `a key's line, bounds and default are in the schema`() {
    let wait = Setting("wait", .duration(in: .zero ... .seconds(60)), default: .seconds(5), "How long.")
    let count = Key("count", .integer(in: 1...9), required: true, "How many.")
    let document = Shape([wait, count]).document(id: "urn:x", title: "X")
    #expect(
      document["properties"]?["wait"] == [
        "$ref": "#/$defs/duration", "description": "How long. From 0ms to 1m.", "default": "5s",
      ])
    #expect(
      document["properties"]?["count"] == [
        "type": "integer", "minimum": 1, "maximum": 9, "description": "How many.",
      ])
    #expect(document["required"] == ["count"])
    #expect(document["additionalProperties"] == false)
    #expect(document["$defs"]?["duration"]?["type"] == "string")
  }

  @Test func `what is shared is defined once, and may refer to itself`() {
    struct Tree: Form {
      func read(_ written: WrittenValue) -> WrittenValue? { written }
      func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
        definitions.reference("tree") { definitions in
          ["type": "array", "items": .object(Tree().schema(&definitions))]
        }
      }
    }
    let document = Shape([Key("a", Tree(), ""), Key("b", Tree(), "")]).document(id: "urn:x", title: "X")
    #expect(document["$defs"] == ["tree": ["type": "array", "items": ["$ref": "#/$defs/tree"]]])
  }

  @Test func `alternatives are counted`() {
    let (a, b) = (Key("a", .text, ""), Key("b", .text, ""))
    let wanted: JSON = [["required": ["a"]], ["required": ["b"]]]
    #expect(schema(Shape([a, b], Alternatives(.one, of: a, b)))["allOf"] == [["oneOf": wanted]])
    #expect(schema(Shape([a, b], Alternatives(.oneOrMore, of: a, b)))["allOf"] == [["anyOf": wanted]])
    let atMost = schema(Shape([a, b], Alternatives(.oneOrNone, of: a, b)))["allOf"]
    #expect(atMost == [["oneOf": [["required": ["a"]], ["required": ["b"]], ["not": ["anyOf": wanted]]]]])
  }

  @Test func `an open mapping leaves other keys to others`() {
    #expect(schema(Shape([Key("a", .text, "")], isOpen: true))["additionalProperties"] == nil)
  }

  @Test(arguments: [
    ("a", true), ("a-b_9", true), ("", false), ("-a", false), ("9", false), ("A", false), ("a b", false),
    (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false), ("é", false),
  ])
  func `a word is judged by its ranges`(text: String, isWord: Bool) throws {
    let form = WordForm(first: "a-z", rest: "a-z0-9_-", "")
    #expect(form.accepts(text) == isWord)
    #expect(text.contains(try Regex(form.pattern)) == isWord)
  }

  @Test func `a word may have any length`() {
    let form = WordForm(first: "a", rest: "a", longest: nil, "")
    #expect(form.pattern == "^[a][a]*$")
    #expect(form.accepts(String(repeating: "a", count: 1000)))
  }
}
