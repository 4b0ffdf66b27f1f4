import RelayDocuments
import RelayExpressions
import RelayModel
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    ("1 == 1u", true), ("1 == 1.0", true), ("1u == 1.0", true), ("0.1 + 0.2 == 0.3", false),
    ("1 == '1'", false),
    ("null == null", true), ("null == 0", false), ("[] == {}", false), ("[1, 2u] == [1.0, 2]", true),
    ("{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", true), ("{'a': 1} == {'a': 1, 'b': 2}", false),
    ("{1: 2} == {1u: 2}", true),
    ("9007199254740993 == 9007199254740992.0", true), ("9223372036854775807 < 9223372036854775808.0", false),
    ("-9223372036854775808 >= -9223372036854775808.0", true),
    ("18446744073709551615u > 9223372036854775807", true),
    ("-1 < 0u", true), ("0.0 / 0.0 == 0.0 / 0.0", false), ("0.0 / 0.0 < 1", false), ("1.0 / 0.0 > 1", true),
    ("'a' < 'B'", false), ("'\u{e9}' == 'e\u{301}'", false), ("b'a' < b'ab'", true), ("false < true", true),
    ("2 in {2u: 'x'}", true), ("2.0 in {2: 'x'}", true), ("2.5 in {2: 'x'}", false), ("[1] in [[1.0]]", true),
  ])
  func `values compare as CEL compares them`(source: String, expected: Bool) throws {
    #expect(try Expression(parsing: source).isTrue(in: Bindings()) == expected)
  }

  @Test(arguments: [
    (Value.double(1.5), "1.5"), (.double(.nan), #""NaN""#), (.double(-.infinity), #""-Infinity""#),
    (.double(1e300), "1e+300"),
    (.uint(.max), "18446744073709551615"), (.duration(.milliseconds(1500)), #""1.5s""#),
    (.duration(.milliseconds(-20)), #""-0.02s""#),
    (.duration(.seconds(90)), #""90s""#), (.bytes([]), #""""#), (.bytes([0]), #""AA==""#),
    (.bytes([0, 1]), #""AAE=""#),
    (.bytes([251, 255, 191]), #""+/+/""#),
    (.timestamp(Instant(Timestamp(milliseconds: -1))), #""1969-12-31T23:59:59.999Z""#),
    (.list([.null, .bool(true)]), "[null,true]"),
  ])
  func `a value has its form in a document`(value: Value, expected: String) {
    #expect(value.asJSON.text == expected)
  }

  @Test func `a map with other keys than names becomes an object of their texts`() throws {
    let map = try Expression(parsing: "{1: 'a', true: 'b', 'c': {2u: null}}").evaluate(in: Bindings())
    #expect(map.asJSON.text == #"{"1":"a","true":"b","c":{"2":null}}"#)
  }

  @Test func `a number of a document is an int where it fits and keeps its text unless it is reckoned with`()
    throws
  {
    let scope = Bindings(["n": Value(try JSON.parse(text: #"[5, 5.0, 1e2, 9223372036854775808]"#))])
    func text(_ source: String) throws -> String {
      try Expression(parsing: source).evaluate(in: scope).asJSON.text
    }
    #expect(try text("n") == "[5,5.0,1e2,9223372036854775808]")
    #expect(try text("n[0] + 1") == "6")
    #expect(try text("n[1] + 1.0") == "6.0")
    #expect(try text("n[2]") == "1e2")
    #expect(try text("n[3] > 9.0e18") == "true")
    #expect(throws: ExpressionError.self) { try text("n[1] + 1") }
  }
}
