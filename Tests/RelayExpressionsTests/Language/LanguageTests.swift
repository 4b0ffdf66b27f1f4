import RelayDocuments
import RelayExpressions
import RelayModel
import Testing

/// What the examples of the documentation do not show.
@Suite struct LanguageTests {
  private func json(_ source: String, _ bindings: [String: Value] = [:]) throws -> String {
    try Expression(parsing: source).evaluate(in: Bindings(bindings)).asJSON.text
  }

  @Test(arguments: [
    ("[1, 2].map(x, [10, 20].map(y, x + y))", "[[11,21],[12,22]]"), ("[1].map(x, [2].map(x, x))", "[[2]]"),
    ("cel.bind(x, 1, cel.bind(x, x + 1, x))", "2"), ("[[1, 2], [3]].map(l, l.filter(x, x > 1))", "[[2],[3]]"),
    ("{'b': 1, 'a': 2}.map(k, k)", #"["b","a"]"#), ("[1, 2, 3].filter(x, x > 1).size()", "2"),
    ("type(type(1)) == type && type(null) == null_type", "true"),
    ("type(timestamp(0)) == google.protobuf.Timestamp", "true"),
    ("a.b.c", "1"), (".a.b.c", "1"), ("[0].exists(a, .a.b.c == 1)", "true"),
    ("has(m.x) && !has(m.y)", "true"),
    ("m.x.y", "2"), ("m['x'].y", "2"), ("m.?z.y.orValue(3)", "3"), ("n.?z.?y.orValue(4)", "4"),
    ("-9223372036854775808 == -0x8000000000000000", "true"), ("1u + 2u", "3"), ("!!true", "true"),
    ("2 - 1 - 1", "0"), ("10 / 3 * 3", "9"), ("1 < 2 == true", "true"), ("true ? (false ? 1 : 2) : 3", "2"),
    ("'\\u00e9' == 'é' && r\"\\n\" == '\\\\n'", "true"),
    ("b'é' == b'\\xc3\\xa9' && b'\\303\\251' == b'é'", "true"),
    ("{1: 'a', 2u: 'b', true: 'c'}[2.0]", #""b""#), ("[1, 2, 3][1u] + [4][0.0]", "6"),
    (
      "string(0.1 + 0.2) + ' ' + string(1e21) + ' ' + string(1e-7) + ' ' + string(123456789012.0)",
      #""0.30000000000000004 1e+21 1e-07 123456789012""#
    ),
    (
      "'%.0f %.2f %.3e %s'.format([0.5, 1e22, 0.0, 1e21])",
      #""0 10000000000000000000000.00 0.000e+00 1000000000000000000000""#
    ),
    ("'%.1f %.20f'.format([0.25, 0.1])", #""0.2 0.10000000000000000555""#),
    ("'%s'.format([{'b': [1u, null], 'a': b'x'}])", #""{a: x, b: [1, null]}""#),
    ("'aXbX'.replace('X', '') + 'ab'.replace('', '-')", #""ab-a-b-""#), ("'ab'.split('')", #"["a","b"]"#),
    ("[2, 1, 3].sortBy(x, -x)", "[3,2,1]"), ("['b', 'a'].sort()", #"["a","b"]"#), ("[].sort()", "[]"),
    ("duration('1.5h') - duration('90m') == duration('0')", "true"),
    ("string(duration('-1.000000001s'))", #""-1.000000001s""#),
    ("timestamp('2026-11-25T07:52:07.120Z')", #""2026-11-25T07:52:07.12Z""#),
    ("[1, 1u, 1.0, '1', [1], [1.0], {'a': 1}, {'a': 1u}].distinct().size()", "4"),
    ("sets.equivalent(['a', {'b': 1}], [{'b': 1.0}, 'a'])", "true"),
  ])
  func `an expression has its value`(source: String, expected: String) throws {
    let bindings: [String: Value] = [
      "a.b.c": .int(1), "m": Value(["x": ["y": 2]]), "n": .null,
    ]
    #expect(try json(source, bindings) == expected)
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-07-01T00:00:00Z", 2), ("Europe/Berlin", "2026-01-01T00:00:00Z", 1),
    ("Europe/Berlin", "2026-03-29T00:59:59Z", 1), ("Europe/Berlin", "2026-03-29T01:00:00Z", 3),
    ("America/New_York", "2060-07-01T12:00:00Z", 8), ("Australia/Sydney", "2026-01-01T00:00:00Z", 11),
    ("Europe/Moscow", "2012-01-01T00:00:00Z", 4), ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 5),
    ("UTC", "2026-01-01T05:00:00Z", 5), ("-03:00", "2026-01-01T05:00:00Z", 2),
    ("US/Pacific", "2026-01-01T12:00:00Z", 4),
  ])
  func `a zone has the hour that its clocks show`(zone: String, instant: String, hour: Int64) throws {
    TestZones.install()
    let source = "timestamp('\(instant)').getHours('\(zone)')"
    // The built-in rules know no history, where the system has no zones.
    if zone == "Europe/Moscow", ConformanceCases.bytes(of: "/usr/share/zoneinfo/\(zone)") == nil { return }
    #expect(try json(source) == "\(hour)")
  }

  @Test func `data that is no zone gives none`() throws {
    TimeZones.install { _ in Array("TZif2 but not more".utf8) }
    defer { TestZones.install() }
    #expect(throws: ExpressionError.self) { try json("timestamp(0).getHours('No/Where')") }
    #expect(try json("timestamp(0).getHours('Asia/Tokyo')") == "9")
  }

  @Test(arguments: [
    "lists.range(2000000)", "lists.range(1000).map(x, lists.range(1000).map(y, lists.range(1000)))",
    "cel.bind(a, lists.range(1000), cel.bind(b, a.map(x, a), b.map(x, b).flatten().flatten(2)))",
    "cel.bind(a, 'aaaaaaaaaaaaaaaa', cel.bind(b, a.replace('', a).replace('', a).replace('', a).replace('', a), b.replace('', b)))",
    "lists.range(1000).map(x, '%.1000f'.format([1.0])).map(y, lists.range(100).map(z, '%.1000f'.format([2.0]))).size()",
    "cel.bind(a, lists.range(100), a.all(b, a.all(c, a.all(d, a.all(e, true))))) || true",
  ])
  func `what would cost too much ends with an error`(source: String) {
    let error = #expect(throws: ExpressionError.self) { try json(source) }
    #expect(error?.message.contains("too costly") == true)
  }

  @Test func `a list of ten thousand is walked, sorted and joined`() throws {
    let source = "lists.range(10000).map(x, 9999 - x).sort().distinct().map(x, string(x)).join(',').size()"
    #expect(try json(source) == "48889")
  }

  @Test func `a number of a document keeps its text while it is only passed on`() throws {
    let body = Value(try JSON.parse(text: #"{"a":[1.10,1e2,12345678901234567890,-0],"b":3}"#))
    #expect(try json("body.a.map(x, x)", ["body": body]) == "[1.10,1e2,12345678901234567890,-0]")
    #expect(
      try json("body.a[1] == 100.0 && body.b + 1 == 4 && type(body.b) == int", ["body": body]) == "true")
    #expect(try json("{'x': body.a[0], 'y': [body.b]}", ["body": body]) == #"{"x":1.10,"y":[3]}"#)
  }

  @Test func `typed values come back as they went`() throws {
    let source =
      "[null, true, -1, 2u, 1.5, 'a', b'a', timestamp(0), duration('1.5s'), int, {1: 'a', 'b': [1]}, 0.0 / 0.0]"
    let value = try Expression(parsing: source).evaluate(in: Bindings())
    let typed = TypedValue.json(value)
    let again = try #require(TypedValue.value(try JSON.parse(text: typed.text)))
    #expect(TypedValue.json(again) == typed)
    #expect(TypedValue.json(.optional(.int(1))) == TypedValue.json(.int(1)))
    for broken: JSON in [
      ["type": "int", "value": "x"], ["type": "nope"], ["type": "list", "value": [1]], 5,
    ] {
      #expect(TypedValue.value(broken) == nil)
    }
  }

  @Test func `random expressions never crash the evaluator`() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "1", "-1", "2u", "1.5", "'ab'", "b'a'", "null", "true", "[1, 'a']", "{'a': 1}", "x", "x.y",
      "timestamp(0)", "duration('1s')",
      "optional.of(1)", "optional.none()", ".size()", ".map(v, v)", ".all(v, v == 1)", "[0]", "[?'a']", ".?a",
      " + ", " - ", " * ",
      " / ", " % ", " == ", " < ", " in ", " && ", " || ", " ? ", " : ", "!", "-", "(", ")", ".reverse()",
      ".sort()", ".flatten()",
      ".join()", ".split('')", "int(", "string(", ".trim()", ".slug()", ".default(1)", ".format([1])",
      ".matches('a')", ".getHours()",
    ]
    let scope = Bindings(["x": Value(["y": [1, "z", [2]]])])
    for _ in 0..<50_000 {
      let source = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      do {
        _ = try Expression(parsing: source).evaluate(in: scope).asJSON.text
      } catch {
        #expect(error.column >= 1)
      }
    }
  }
}
