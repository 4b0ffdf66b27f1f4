import RelayDocuments
import RelayExpressions
import Testing

/// Hostile values and arguments end in an error, soon, with little memory.
@Suite struct TransformBoundsTests {
  private static let million = JSON.string(String(repeating: "a", count: 1_000_000))

  @Test(arguments: [
    #"{"replace": ["a", "bbbbbbbbbb"]}"#,
    #"{"concat": ["0123456789012345678901234567890123456789012345678901234567"]}"#,
    #"{"escape": "json"}"#,
  ])
  func `a result beyond 1 MiB is refused`(transform: String) throws {
    let value: JSON =
      transform.contains("json")
      ? .string(String(repeating: "\u{1}", count: 1_000_000))
      : .string(String(repeating: "a", count: 1_048_570))
    let call = try TransformCall(json: JSON.parse(text: transform))
    #expect(throws: TransformError.self) { try call.apply(to: value) }
  }

  @Test func `a join of a long separator stops before it is too large`() throws {
    let call = try TransformCall(json: ["join": Self.million])
    let list = JSON.array([JSON](repeating: "a", count: 100_000))
    #expect(throws: TransformError("join: the result is larger than 1 MiB")) { try call.apply(to: list) }
  }

  @Test(arguments: [
    ("**_[", #"{"markdown": "html"}"#), ("<", #""stripHtml""#), ("<!--", #""stripHtml""#),
    ("<script>", #""stripHtml""#),
    ("&amp", #""stripHtml""#), ("`", #"{"markdown": "slack"}"#), ("- a\n", #"{"markdown": "telegram"}"#),
    ("\"", #""parseCsv""#), ("a=1&", #""parseUrl""#), ("[", #""json""#), ("aB", #"{"case": "snake"}"#),
  ])
  func `repetition costs linear time`(piece: String, transform: String) throws {
    let call = try TransformCall(json: JSON.parse(text: transform))
    let text = String(repeating: piece, count: 200_000 / piece.utf8.count)
    let start = ContinuousClock.now
    do {
      _ = try call.apply(to: .string(text))
    } catch {
      #expect(!error.message.isEmpty)
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a power or a shift of a huge number is an error, not a trap`() throws {
    let largest: JSON = .number(JSONNumber(text: String(repeating: "9", count: 36)))
    for transform in [
      #"{"math": ["mul", 10]}"#, #"{"math": ["add", 1]}"#, #"{"math": ["pow", 1000]}"#,
      #"{"toMinor": "KWD"}"#,
    ] {
      let call = try TransformCall(json: JSON.parse(text: transform))
      #expect(throws: TransformError.self) { try call.apply(to: largest) }
    }
    for text in ["1e400", "-1e-400", "123456789012345678901234567890123456789"] {
      let call = try TransformCall(json: "round")
      #expect(throws: TransformError.self) { try call.apply(to: .number(JSONNumber(text: text))) }
    }
  }

  @Test func `a quotient of large numbers keeps the digits that fit`() throws {
    let call = try TransformCall(json: ["math": ["div", 3]])
    let large = JSON.number(JSONNumber(text: "100000000000000000000000000000"))
    #expect(try call.apply(to: large)?.text.hasPrefix("33333333333333333333333333333.333") == true)
  }

  @Test(arguments: [
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
  ])
  func `a date beyond the years 1 to 9999 is an error`(date: String) throws {
    let amount = date.hasPrefix("9") ? 1 : -1
    for unit in ["second", "day", "month", "year"] {
      let call = try TransformCall(json: ["dateAdd": [JSON(amount), .string(unit)]])
      #expect(throws: TransformError.self) { try call.apply(to: .string(date)) }
    }
  }

  @Test func `what JSON nests deeper than 64 is refused`() throws {
    let call = try TransformCall(json: "json")
    let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(throws: TransformError.self) { try call.apply(to: .string(deep)) }
  }
}
