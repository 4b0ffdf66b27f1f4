import RelayExpressions
import Testing

@Suite struct PatternTests {
  private func span(_ pattern: String, _ text: String) throws -> [String?]? {
    let scalars = Array(text.unicodeScalars)
    var steps = 0
    return try Pattern(pattern).firstMatch(in: scalars, steps: &steps)?.map { range in
      range.map { String(String.UnicodeScalarView(scalars[$0])) }
    }
  }

  @Test(arguments: [
    ("abc", "xabcx", true), ("^abc$", "xabc", false), ("a|b|", "", true), ("^(foo|bar)+$", "foobarfoo", true),
    ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?m)^b$", "a\nb\nc", true),
    ("^b$", "a\nb\nc", false),
    ("(?i)straße", "STRAßE", true), ("(?i)[^a]", "A", false), ("a(?i)b", "aB", true),
    ("a(?i:b)c", "aBC", false), ("[[:alpha:]]+[[:^digit:]]", "ab", true), ("[]a]", "]", true),
    ("[^]a]", "]", false), ("[a-]", "-", true), ("[\\d.]+$", "1.5", true), ("\\pL\\p{Nd}\\PN", "é٣x", true),
    ("\\p{^L}", "a", false), ("[\\pL\\d]+$", "é1", true), ("\\bfoo\\b", "a foo b", true),
    ("\\Bfoo", "foo", false),
    ("a{2,3}$", "aaaa", true), ("^a{2,3}$", "aaaa", false), ("a{,2}", "a{,2}", true), ("x{0}y", "y", true),
    ("^(?:a?){3}a{3}$", "aaa", true), ("\\Qa.b\\E+", "a.bb", true), ("\\x41\\101\\n\\t", "AA\n\t", true),
    ("\\Aa\\z", "a", true), ("😀+", "x😀😀", true), ("^.$", "é", true), ("(a*)*b", "aab", true),
    ("(|a)+$", "aa", true),
    ("\\.", "a", false), ("[^\\s]", " ", false), ("^\\w+@\\w+\\.com$", "me@x.com", true),
  ])
  func `a pattern matches as RE2 has it`(pattern: String, text: String, expected: Bool) throws {
    #expect(try (span(pattern, text) != nil) == expected)
    let source = Bindings(["t": .string(text), "p": .string(pattern)])
    #expect(try Expression(parsing: "t.matches(p)").isTrue(in: source) == expected)
  }

  @Test(
    arguments: [
      ("a+", "baac", ["aa"]), ("a+?", "baac", ["a"]), ("(?U)a+", "baac", ["a"]), ("a|ab", "ab", ["a"]),
      ("(a+)(b+)?", "aac", ["aa", "aa", nil]), ("(\\w+)@(?P<host>\\w+)", "to me@x now", ["me@x", "me", "x"]),
      ("(a|b)*", "abab", ["abab", "b"]), ("x*", "aa", [""]), ("(?:a(b))+", "abab", ["abab", "b"]),
      ("(a*)(a*)", "aa", ["aa", "aa", ""]),
    ] as [(String, String, [String?])])
  func `the first match and its groups are found`(pattern: String, text: String, expected: [String?]) throws {
    #expect(try span(pattern, text) == expected)
  }

  @Test(arguments: [
    "(", ")", "a)", "[a", "[b-a]", "*a", "a**", "a{2}{3}", "a{1001}", "a{3,2}", "\\", "\\1", "(?=a)", "(?!a)",
    "(?<=a)b",
    "(?P<n>a)(?P<n>b)", "(?P<n", "(?z)", "\\p{Greek}", "\\pX", "\\y", "\\x4", "\\x{110000}", "[[:nope:]]",
    "(?P>x)",
    "((a{100}){100}){100}", String(repeating: "(", count: 2000), String(repeating: "a", count: 5000),
  ])
  func `a broken or boundless pattern is refused`(pattern: String) {
    #expect(throws: PatternError.self) { try Pattern(pattern) }
  }

  @Test func `what makes others backtrack for ever takes linear time`() throws {
    let text = String(repeating: "a", count: 20_000)
    for pattern in ["(a+)+$x", "(a|aa)+b", "(a*)*b", "^(a?){50}a{50}b"] {
      let scope = Bindings(["t": .string(text), "p": .string(pattern)])
      do {
        #expect(try !Expression(parsing: "t.matches(p)").isTrue(in: scope))
      } catch {
        #expect(error.message.hasPrefix("matches(): too costly"))
      }
    }
  }

  @Test func `a search begins where it is told to`() throws {
    let scalars = Array("abcabc".unicodeScalars)
    var steps = 0
    #expect(try Pattern("a").firstMatch(in: scalars, from: 1, steps: &steps)?[0] == 3..<4)
    #expect(try Pattern("^a").firstMatch(in: scalars, from: 1, steps: &steps) == nil)
    #expect(try Pattern("x").firstMatch(in: scalars, from: 9, steps: &steps) == nil)
  }
}
