import RelaySandbox
import Testing

extension RelaySandboxSuites {
  /// What scripts see, and what becomes of what they return.
  @Suite struct ValueTests {
    @Test(arguments: [
      ("return 1", "1"), ("return 1.5", "1.5"), ("return 10 / 2", "5"), ("return 0.1", "0.1"),
      ("return 1 / 3", "0.3333333333333333"), ("return 1e300", "1e+300"), ("return -0.0", "0"),
      ("return 2^53", "9007199254740992"), ("return math.maxinteger", "9223372036854775807"),
      ("return true", "true"), ("return nil", "null"), ("return", "null"), ("", "null"),
      ("return null", "null"),
      (#"return "a\"\\\n\0é""#, #""a\"\\\u000a\u0000é""#), ("return {1, 2, 3}", "[1,2,3]"),
      ("return {b = 1, a = {c = 2}}", #"{"a":{"c":2},"b":1}"#), ("return {}", "{}"), ("return list {}", "[]"),
      ("return {1, null, 3}", "[1,null,3]"), ("return list {1}", "[1]"), ("return 1, 2", "1"),
    ])
    func `a value of Lua has one JSON form`(source: String, wanted: String) throws {
      #expect(try Trial().run(source) == wanted)
    }

    @Test(arguments: [
      "1", "-7", "9223372036854775807", "-9223372036854775808", "1.25", "\"text\"", "\"\"", "true", "[]",
      "{}",
      "[null,1]", #"{"a":[{"b":[]}]}"#, #""é😀\u0001""#,
    ])
    func `a value passes through as it came`(json: String) throws {
      #expect(try Trial().run("return x", #"{"x":\#(json)}"#) == json)
    }

    @Test(arguments: [
      ("9223372036854775808", #""9223372036854775808""#),
      ("-123456789012345678901234567890", #""-123456789012345678901234567890""#), ("1e999", #""1e999""#),
    ])
    func `a number that Lua cannot hold is text`(json: String, wanted: String) throws {
      #expect(try Trial().run("return x", #"{"x":\#(json)}"#) == wanted)
    }

    @Test func `a member that is null is not there, an element that is null keeps its place`() throws {
      let trial = try Trial()
      #expect(
        trial.run("return o.a == nil and #l == 2 and l[1] == null", #"{"o":{"a":null},"l":[null,1]}"#)
          == "true")
      #expect(trial.run("return tostring(null)") == #""null""#)
    }

    @Test func `escapes of JSON become what they mean`() throws {
      #expect(try Trial().run("return #x, x", #"{"x":"\u00e9\ud83d\ude00\n\"\/"}"#) == "9")
    }

    @Test(arguments: [
      ("return function() end", "the value holds a function, which has no JSON form"),
      ("return {1, 2, [5] = 3}", "neither a list"), ("return {1, a = 2}", "neither a list"),
      ("return {[{}] = 1}", "a key of the type table"), (#"return "\xff""#, "not UTF-8"),
      (#"return "\xed\xa0\x80""#, "not UTF-8"), ("return 1 / 0", "not finite"),
      ("return 0 / 0", "not finite"),
      ("local t = {} t.t = t return t", "nested deeper than 100, or holds itself"),
      ("return coroutine.create(print or tostring)", "the value holds a thread"),
    ])
    func `what has no JSON form fails the script`(source: String, wanted: String) throws {
      let result = try Trial().run(source)
      #expect(result.hasPrefix("code_failed: "))
      #expect(result.contains(wanted), "\(result)")
    }

    @Test func `the same seed gives the same numbers`() throws {
      let trial = try Trial(children: 2)
      let first = trial.run("return {math.random(1, 1000000), math.random()}")
      #expect(first == trial.run("return {math.random(1, 1000000), math.random()}"))
      #expect(try Trial().run("return {math.random(1, 1000000), math.random()}") == first)
    }

    @Test func `nothing is left of a script for the next one`() throws {
      let trial = try Trial()
      #expect(trial.run("leak = 1 string.leak = 1 getmetatable('').leak = 1 return 1") == "1")
      #expect(
        trial.run("return leak == nil and string.leak == nil and getmetatable('').leak == nil") == "true")
    }
  }
}
