import RelayDocuments
import RelayExpressions
import Testing

/// What the functions refuse, and what each says.
@Suite struct FunctionRefusalTests {
  private func message(_ source: String) -> String {
    do {
      return "accepted: \(try Expression(parsing: source).evaluate(in: Bindings()).asJSON.text)"
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    ("int('1.5')", "int(): not a whole number of 64 bits"),
    ("int([1])", "int(): list does not become an int"),
    ("int(-9223372036854775808.0)", "int(): not a whole number of 64 bits"),
    ("uint(-1)", "uint(): not a whole number of 64 bits without a sign"),
    ("double('x')", "double(): not a number"), ("string([1])", "string(): list does not become a string"),
    ("string(b'\\xff')", "string(): not valid UTF-8"), ("bytes(1)", "bytes(): int does not become bytes"),
    ("bool('yes')", "bool(): not true or false"), ("bool(1)", "bool(): int does not become a bool"),
    (
      "duration('7d')",
      "duration(): not a duration within 292 years, such as 1h30m or 1.5s; units are h m s ms us ns"
    ),
    (
      "timestamp('2026-13-01T00:00:00Z')",
      "timestamp(): not RFC 3339 within the years 1 to 9999, such as 2026-11-25T07:52:07Z"
    ),
    ("timestamp(1e9)", "timestamp(): double does not become a timestamp"),
    ("timestamp(253402300800)", "timestamp(): outside the years 1 to 9999"),
    ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "a timestamp outside the years 1 to 9999"),
    ("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "a duration beyond 292 years"),
    ("-duration('1s')", "\"-\" wants a number, not duration"),
    (
      "timestamp(0).getHours('Mars/Base')",
      "getHours(): no time zone \"Mars/Base\"; they are written Europe/Berlin, UTC or +02:00"
    ),
    (
      "timestamp(0).getHours('../../etc/passwd')",
      "getHours(): no time zone \"../../etc/passwd\"; they are written Europe/Berlin, UTC or +02:00"
    ),
    (
      "timestamp(0).getHours('+25:00')",
      "getHours(): no time zone \"+25:00\"; they are written Europe/Berlin, UTC or +02:00"
    ),
    ("duration('1s').getDate()", "getDate(): wants a timestamp, not duration"),
  ])
  func `a conversion says what it cannot read`(source: String, expected: String) {
    #expect(message(source) == expected)
  }

  @Test(arguments: [
    ("'abc'.charAt(4)", "charAt(): 4 is outside of 0 to 3"),
    ("'abc'.charAt('1')", "charAt(): wants an int, not string"),
    ("'abc'.substring(2, 1)", "substring(): the range from 2 to 1 ends before it begins"),
    ("'abc'.indexOf('a', 4)", "indexOf(): 4 is outside of 0 to 3"),
    ("'abc'.lastIndexOf('a', -1)", "lastIndexOf(): -1 is outside of 0 to 3"),
    ("1.contains('1')", "contains(): wants a string, not int"),
    ("'a'.contains(1)", "contains(): wants a string, not int"),
    ("[1].join()", "join(): wants a string, not int"), ("'a'.split(1)", "split(): wants a string, not int"),
    ("'%d'.format(['x'])", "format(): %d takes a number, not string"),
    ("'%s'.format([])", "format(): has 0 values for more clauses than that"),
    ("'%q'.format([1])", "format(): no such clause \"%q\"; there are %s %d %f %e %b %o %x %X %%"),
    ("'%'.format([1])", "format(): ends within a \"%\""),
    ("'%.9999f'.format([1])", "format(): a precision must be a number up to 1000"),
    ("'%.f'.format([1])", "format(): a precision must be a number up to 1000"),
    ("base64.decode('?')", "base64.decode(): not base64"),
    ("base64.encode(1)", "base64.encode(): wants bytes, not int"),
    ("math.greatest([])", "math.greatest(): wants a list that is not empty"),
    ("math.least('a')", "math.least(): wants numbers, not string"),
    ("math.floor(1)", "math.floor(): wants a double, not int"),
    ("math.bitAnd(1, 1u)", "math.bitAnd(): wants two ints or two uints, not int and uint"),
    ("math.bitShiftLeft(1, -1)", "math.bitShiftLeft(): wants a count of at least 0"),
    ("[1].slice(0, 2)", "slice(): 2 is outside of 0 to 1"),
    ("[1].flatten(-1)", "flatten(): wants a depth of at least 0"),
    ("[{}, {}].sort()", "sort(): cannot sort by map"),
    ("[1, 'a'].sort()", "sort(): cannot sort int with string"),
    ("lists.range(-1)", "lists.range(): wants a count of at least 0"),
    ("sets.contains(1, [])", "sets.contains(): wants a list, not int"),
    ("optional.none().value()", "value(): the optional value is empty; orValue(…) gives it a default"),
    ("1.0.hasValue()", "hasValue(): wants an optional value, not double"),
    ("'a'.orValue(1)", "orValue() wants an optional value, not string"),
    ("[?1]", "\"?\" wants an optional value, not int"),
    ("'a'.matches('(')", "matches(): the pattern is broken at character 2: a group does not end"),
  ])
  func `a function says what it was given`(source: String, expected: String) {
    #expect(message(source) == expected)
  }

  @Test(arguments: [
    ("size()", "size() takes 1 argument, not 0"), ("'a'.size(1)", "size() takes 0 arguments, not 1"),
    ("'a'.indexOf()", "indexOf() takes 1 or 2 arguments, not 0"),
    ("math.absolute(1)", "no such function math.absolute()"),
    ("math.bs(1)", "no such function math.bs(); did you mean \"math.abs\"?"),
    ("lenght('a')", "no such function lenght(); did you mean \"length\"?"),
    ("'a'.trimm()", "no such function .trimm(); did you mean \"trim\"?"),
    ("charAt('a', 1)", "no such function charAt(); it is written x.charAt()"),
    ("'a'.int()", "no such function .int(); it is written int(x)"),
    ("[1].map(1, 2)", "map() takes a name, a condition where wanted, and an expression over it"),
    ("[1].all(x)", "all() takes one name or two, and a condition over them"),
    ("has('a')", "has() takes one path, such as has(event.body.id)"),
    ("cel.bind(1, 2, 3)", "cel.bind() takes a name, its value and an expression that uses it"),
    (
      "'a'.matches('[b-a]')",
      "matches(): the pattern is broken at character 5: a range whose end comes before its start"
    ),
    ("'a'.padStart(5, 'xy')", "padStart: ch must be a single character, not a string"),
  ])
  func `a misspelt call is known before anything runs`(source: String, expected: String) throws {
    #expect(try Expression(parsing: source).problems.first?.message == expected)
    #expect(throws: ExpressionError.self) { try Expression(checking: source) }
  }

  @Test func `every problem of an expression is told, and evaluation meets only what it gets to`() throws {
    let expression = try Expression(parsing: "true || fo(1) || 'a'.ba(nu(2))")
    #expect(expression.problems.map(\.column) == [9, 25, 22])
    #expect(try expression.isTrue(in: Bindings()))
  }

  @Test func `an error is drawn with a caret under its place`() throws {
    let error = #expect(throws: ExpressionError.self) {
      try Expression(parsing: "1 == 1 &&\n  'ü' + 1 == 2").evaluate(in: Bindings())
    }
    #expect(error?.illustrated == "\"+\" does not take string and int\n    'ü' + 1 == 2\n        ^")
    let long = #expect(throws: ExpressionError.self) {
      try Expression(parsing: String(repeating: " ", count: 500) + "1 +")
    }
    #expect(long?.illustrated.split(separator: "\n").allSatisfy { $0.count < 130 } == true)
  }
}
