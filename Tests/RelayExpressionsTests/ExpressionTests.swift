import RelayDocuments
import RelayExpressions
import RelayModel
import Testing

/// A scope with one event, as workflows see it.
func sampleScope() throws -> Bindings {
  let event = try JSON.parse(
    text: #"""
      {"type":"issues","body":{"action":"opened","issue":{"title":"  Crash ","labels":[{"name":"bug"},
       {"name":"p1"}]},"amount":1.10,"count":3,"big":12345678901234567890,"none":null,"ok":true},
       "headers":{"x-github-event":"issues"}}
      """#)
  return Bindings([
    "event": Value(event), "received": .timestamp(Instant(Timestamp(milliseconds: 1_790_000_000_123))),
    "raw": .bytes([0, 255]),
  ])
}

@Suite struct ExpressionTests {
  private func json(_ source: String) throws -> String {
    try Expression(parsing: source).evaluate(in: try sampleScope()).asJSON.text
  }

  private func refusal(_ source: String) throws -> String? {
    let scope = try sampleScope()
    do {
      return "accepted: \(try Expression(parsing: source).evaluate(in: scope))"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("event.type == 'issues' && event.body.action == 'opened'", "true"),
    ("event.type == \"push\" || !event.body.ok", "false"), ("event.body.issue.title.trim()", #""Crash""#),
    ("'bug' in event.body.issue.labels.map(l, l.name)", "true"),
    ("event.body.issue.labels[1].name", #""p1""#),
    ("event.headers['x-github-event']", #""issues""#), ("event['body']['count']", "3"),
    ("event.body.amount", "1.10"), ("event.body.big", "12345678901234567890"), ("event.body.none", "null"),
    ("event.body.count == 3.0", "true"), ("event.body.count + 1", "4"), ("event.body.count == '3'", "false"),
    ("has(event.body.action)", "true"), ("has(event.body.actoin)", "false"), ("has(event.body.none)", "true"),
    ("'action' in event.body", "true"), ("'x' in {'x': 1}", "true"), ("2 in [1, 2]", "true"),
    ("event.body.ok ? 'a' : 'b'", #""a""#), ("size(event.body.issue.labels)", "2"), ("'é😀'.size()", "2"),
    ("event.body.issue.labels.filter(l, l.name != 'bug')", #"[{"name":"p1"}]"#),
    ("event.body.issue.labels.exists(l, l.name == 'bug')", "true"),
    ("event.body.issue.labels.all(l, l.name == 'bug')", "false"), ("[1,2,3].exists_one(x, x > 2)", "true"),
    ("[1, 2, 3].map(x, x > 1, x * 2)", "[4,6]"), ("{'a': [1, {'b': 2u}]}", #"{"a":[1,{"b":2}]}"#),
    ("1 + 2 * 3 - 4 / 2 % 3", "5"), ("-9223372036854775808", "-9223372036854775808"), ("-(1.5)", "-1.5"),
    ("0x1F", "31"), ("1e3", "1000.0"), (".5", "0.5"), ("7 / 2", "3"), ("-7 % 2", "-1"),
    ("'a' + \"b\"", #""ab""#),
    ("'abc' < 'abd' && 1 < 1.5 && 2u >= 2", "true"), ("'x'.startsWith('') && 'abc'.endsWith('bc')", "true"),
    ("'abcabd'.contains('abd') && !'abc'.contains('abd')", "true"),
    ("'ABC'.lowerAscii() + 'abc'.upperAscii()", #""abcABC""#),
    (#"'\n\x41\u00e9\101\''"#, #""\nAéA'""#), (#"r'\n'"#, #""\\n""#), ("'''a\"b'''", #""a\"b""#),
    (#"b'\xff'"#, #""/w==""#), ("raw", #""AP8=""#), ("received", #""2026-09-21T14:13:20.123Z""#),
    ("received - received", #""0s""#), ("string(1.5) + string(true)", #""1.5true""#),
    ("int('12') + int(1.9)", "13"),
    (#"r'\' + 'x'"#, #""\\x""#), ("dyn(1) == 1u", "true"), ("true // a comment", "true"),
    ("event.`type`", #""issues""#), ("[1, 2,]", "[1,2]"), ("(1) == 1", "true"),
  ])
  func `an expression has its value`(source: String, expected: String) throws {
    #expect(try json(source) == expected)
  }

  @Test(arguments: [
    ("false && event.nope", "false"), ("event.nope && false", "false"), ("true || event.nope", "true"),
    ("event.nope == 1 || true", "true"), ("[1, 'a'].exists(x, x == 1 || x.size() == 9)", "true"),
    ("[0, 1].all(x, 1 / x > 5)", "false"),
  ])
  func `an operand that decides wins over an error beside it`(source: String, expected: String) throws {
    #expect(try json(source) == expected)
  }

  @Test(arguments: [
    ("evnt.type", #"no such name "evnt"; did you mean "event"? (column 1 of "evnt.type")"#),
    ("event.bdy", #"event has no member "bdy"; did you mean "body"? (column 7 of "event.bdy")"#),
    ("event.body.zzz.x", #"event.body has no member "zzz" (column 12 of "event.body.zzz.x")"#),
    ("event.type.x", #"event.type is string and has no member "x" (column 12 of "event.type.x")"#),
    (
      "event.body.issue.labels[2]",
      #"event.body.issue.labels has 2 elements, so none at 2 (column 24 of "event.body.issue.labels[2]")"#
    ),
    ("'é' + 1", #""+" does not take string and int (column 5 of "'é' + 1")"#),
    ("'a'.trimm()", #"no such function .trimm(); did you mean "trim"? (column 5 of "'a'.trimm()")"#),
    ("1 && true", #""&&" wants true or false, not int (column 1 of "1 && true")"#),
    ("1 / 0", #"division by zero (column 3 of "1 / 0")"#),
    (
      "9223372036854775807 + 1",
      #"a number that does not fit 64 bits (column 21 of "9223372036854775807 + 1")"#
    ),
    ("size(1)", #"size(): int has no size (column 1 of "size(1)")"#),
    ("event.type ==", #"expected a value, found the end (column 14 of "event.type ==")"#),
    ("event.type = 'x'", #"unexpected "=" (column 12 of "event.type = 'x'")"#),
    ("a b", #"expected an operator or the end, found "b" (column 3 of "a b")"#),
    ("", #"expected a value, found the end (column 1 of "")"#),
    ("'abc", #"a string does not end (column 1 of "'abc")"#),
    ("if", #""if" is a reserved word (column 1 of "if")"#),
    ("has(event)", #"has() takes one path, such as has(event.body.id) (column 1 of "has(event)")"#),
    ("{1.5: 2}", #"a key must be a string, a bool or a whole number, not double (column 2 of "{1.5: 2}")"#),
    ("{'a': 1, 'a': 2}", #"a key appears twice (column 10 of "{'a': 1, 'a': 2}")"#),
  ])
  func `an error says what was found and where`(source: String, expected: String) throws {
    #expect(try refusal(source) == expected)
  }

  @Test func `a condition must be true or false`() throws {
    let scope = try sampleScope()
    #expect(try Expression(parsing: "event.body.ok").isTrue(in: scope))
    #expect(throws: ExpressionError.self) { try Expression(parsing: "event.body.count").isTrue(in: scope) }
    #expect(throws: ExpressionError.self) { try Expression(parsing: "event.body.none").isTrue(in: scope) }
  }

  @Test(arguments: [
    String(repeating: "(", count: 100_000), String(repeating: "!", count: 100_000),
    String(repeating: "-", count: 30_000),
    "1" + String(repeating: "+1", count: 10_000), String(repeating: "[", count: 20_000),
    "a" + String(repeating: ".a", count: 10_000), String(repeating: "a?", count: 10_000),
    String(repeating: "x", count: 40_000),
  ])
  func `what is too long or too deep is refused`(source: String) {
    #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
  }

  @Test func `a long chain of conditions is no depth`() throws {
    #expect(try json(Array(repeating: "true", count: 1000).joined(separator: " && ")) == "true")
  }

  @Test func `a costly evaluation ends`() throws {
    let list = "[" + Array(repeating: "1", count: 100).joined(separator: ",") + "]"
    let nested = "\(list).all(a, \(list).all(b, \(list).all(c, \(list).all(d, true))))"
    #expect(try refusal(nested)?.hasPrefix("too costly") == true)
    #expect(try refusal("\(nested) || true")?.hasPrefix("too costly") == true)
  }

  @Test func `a large document is looked into and compared at no cost beyond what is read`() throws {
    let items = Array(repeating: "{\"a\":[1,2,3]}", count: 300_000).joined(separator: ",")
    let body = try JSON.parse(text: "{\"items\":[\(items)],\"id\":7}")
    let scope = Bindings(["body": Value(body)])
    let cheap = [
      "body != null", "body.items != []", "size(body.items) == 300000", "body.items[299999].a[2] == 3",
      "body.id == 7 && has(body.items)", "'id' in body && !(1 in body)",
    ]
    for source in cheap { #expect(try Expression(parsing: source).isTrue(in: scope), "\(source)") }
    for source in ["body == body", "body.items == body.items", "{'a': 9} in body.items"] {
      let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source).isTrue(in: scope) }
      #expect(error?.message.hasPrefix("too costly") == true, "\(source)")
    }
  }

  @Test func `a search through a wide object in a loop ends`() throws {
    let members = (0..<100_000).map { "\"m\($0)\":0" }.joined(separator: ",")
    let scope = Bindings(["wide": Value(try JSON.parse(text: "{\(members)}"))])
    let loop = try Expression(parsing: "wide.all(a, wide.all(b, has(wide.nope) == false))")
    let error = #expect(throws: ExpressionError.self) { try loop.isTrue(in: scope) }
    #expect(error?.message.hasPrefix("too costly") == true)
  }

  @Test func `references are the paths that an expression reads`() throws {
    let source =
      "steps.a.body['id'] == 1 && has(event.x.y) && steps.b.map(l, l.n + event.z) != [] && f.g[0].h()"
    let paths = try Expression(parsing: source).references.map { $0.path.joined(separator: ".") }
    #expect(paths == ["steps.a.body.id", "event.x.y", "steps.b", "event.z", "f.g"])
  }

  @Test func `random text never crashes the parser`() {
    var generator = SeededGenerator(seed: 11)
    let pieces = [
      "a", ".", "b", "(", ")", "[", "]", "{", "}", "'", "\\", "1", "u", "&&", "|", "!", "?", ":", ",", "in ",
      "é", "0x", "e", "has(",
    ]
    for _ in 0..<20_000 {
      let source = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      do {
        _ = try Expression(parsing: source)
      } catch {
        #expect(error.column >= 1)
      }
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
