import RelayDocuments
import RelayExpressions
import RelayModel
import Testing

/// What is told of an expression before anything runs.
@Suite struct ForesightTests {
  private static let kinds: [String: Value] = [
    "event": .map(ValueMap()), "event.id": .string(""), "event.headers": .map(ValueMap()),
    "event.received_at": .timestamp(Instant(.epoch)), "response.status": .int(1),
  ]

  @Test(arguments: [
    ("1 + 'a'", 3, #""+" does not take int and string"#),
    ("event.id + 1", 10, #""+" does not take string and int"#),
    ("event.body.n + (1 + 'a')", 19, #""+" does not take int and string"#),
    ("event.id.name", 10, #"a string has no member "name""#),
    ("event.id[0]", 9, "a string has no elements"),
    ("'a'.size().x", 12, #"a int has no member "x""#),
    ("event.id == 1", 10, #""==" of string and int is always false"#),
    ("response.status != '200'", 17, #""!=" of int and string is always true"#),
    ("response.status == 200 && event.id", 27, #""&&" wants true or false, not string"#),
    ("!event.id", 2, #""!" wants true or false, not string"#),
    ("-event.id", 1, #""-" wants a number, not string"#),
    ("event.id ? 1 : 2", 1, #""?" wants true or false, not string"#),
    ("'a' in event.id", 5, #""in" wants a list or a map, not string"#),
    ("event.id.map(x, x)", 1, "map() walks over a list or a map, not string"),
    ("event.body.list.filter(x, 'a')", 27, "filter() wants true or false, not string"),
    ("event.received_at > 5", 19, #"">" does not take timestamp and int"#),
    ("event.received_at - duration('1h') > 'x'", 36, #"">" does not take timestamp and string"#),
    (
      "timestamp('yesterday')", 1,
      "timestamp(): not RFC 3339 within the years 1 to 9999, such as 2026-11-25T07:52:07Z"
    ),
    ("1 / 0", 3, "division by zero"),
    ("math.abs('x') > 1", 6, "math.abs(): wants a number, not string"),
    ("[1, 2].join(1)", 8, "join(): wants a string, not int"),
  ])
  func `an operation that never has a value is told with its place`(
    source: String, column: Int, message: String
  )
    throws
  {
    let found = try Expression(parsing: source).foreseen(Self.kinds)
    #expect(found.map(\.message) == [message])
    #expect(found.first?.column == column)
  }

  @Test(arguments: [
    "event.body.a + 1", "event.body.a + 'x'", "event.id.size() > 3", "event.headers['x-a'] == 'b'",
    "event.headers.host == null", "event.id == 'a' || event.body.b", "event.body.list.map(x, x + 1)",
    "event.body.list.exists(event, event + 1 > 2)", "dyn('a') + 1", "1 == 1.0", "1u == 1", "null == 'a'",
    "[1] + ['a']", "{'a': 1}.a + 'x'", "[1][0] + 'x'", "event.?id.orValue(1) == 2",
    "'a'.trim().upper() + 'b'",
    "double(response.status) / 0.0 > 1.0", "event.received_at.getHours('Europe/Berlin') > 8",
    "int(event.id) + 1",
    "cel.bind(event, 1, event + 1)", "string(response.status) + 'x'", "size(event.body.x) > 1",
  ])
  func `what may have a value is left alone`(source: String) throws {
    let expression = try Expression(parsing: source)
    #expect(expression.problems.isEmpty)
    #expect(expression.foreseen(Self.kinds).isEmpty, "\(expression.foreseen(Self.kinds))")
  }

  @Test func `a condition has to be true or false`() throws {
    #expect(try Expression(parsing: "event.id").foreseen(Self.kinds, isCondition: true).count == 1)
    #expect(try Expression(parsing: "event.id == ''").foreseen(Self.kinds, isCondition: true).isEmpty)
    #expect(try Expression(parsing: "event.body.flag").foreseen(Self.kinds, isCondition: true).isEmpty)
  }

  @Test(.enabled(if: ConformanceCases.exist))
  func `nothing is told of a published case that has a value`() throws {
    TestZones.install()
    for one in try ConformanceCases.read() where one["expect"] != nil {
      let source = one["expr"]?.string ?? ""
      // What is passed over by logic may fail, and unequal kinds have an answer there.
      if ["&&", "||", "?", "exists", "all"].contains(where: source.contains) { continue }
      var kinds: [String: Value] = [:]
      for (name, value) in one["bindings"]?.object?.members ?? [] { kinds[name] = TypedValue.value(value) }
      let told = try Expression(parsing: source).foreseen(kinds).filter { !$0.message.contains("is always") }
      #expect(told.isEmpty, "\(source): \(told)")
    }
  }

  @Test func `what costs too much to foresee is left alone`() throws {
    let source = "lists.range(9000).size() + lists.range(9000).size() + true"
    #expect(try Expression(parsing: source).foreseen(Self.kinds).isEmpty)
  }
}
