/// H5, H7 to H10, A7: bodies that cost more than they weigh, or want to be something else than bytes. With a
/// sound signature they are events like any other.
extension Attack {
  /// A delivery as GitHub would sign it.
  private static func signed(
    _ name: String, _ body: [UInt8], type: String = "application/json", more: [(String, String)] = [],
    _ statuses: Set<Int> = [200, 202], code: String? = nil
  ) -> Attack {
    let fields = [
      ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=\(Attack.code(body))"),
      ("Content-Type", type),
    ]
    return post(name, fields + more, body: body, statuses, code: code)
  }

  private static func signed(_ name: String, _ text: String, type: String = "application/json") -> Attack {
    signed(name, Array(text.utf8), type: type)
  }

  private static func declared(_ name: String, _ fields: String, _ body: String = "") -> Attack {
    Attack(
      name, "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\(fields)\r\n\r\n\(body)",
      [413],
      code: "body_too_large")
  }

  private static let chunk = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"

  static let oversized: [Attack] = [
    declared("a body over the limit, declared", "Content-Length: 2000000", "{}"),
    declared("a body over the limit, asked for first", "Content-Length: 2000000\r\nExpect: 100-continue"),
    declared("a body of petabytes", "Content-Length: 4611686018427387904"),
    declared(
      "a body over the limit in chunks", "Transfer-Encoding: chunked", String(repeating: chunk, count: 20)),
  ]

  static let strangeBodies: [Attack] = [
    signed(
      "JSON nested 100,000 deep",
      String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)),
    signed("JSON that opens 500,000 objects", String(repeating: #"{"a":"#, count: 100_000)),
    signed("a number of 100,000 digits", #"{"number":\#(String(repeating: "9", count: 100_000))}"#),
    signed("a number beyond every range", #"{"number":1e400,"other":-1e-400}"#),
    signed("members that are there twice", #"{"kind":"a","kind":"fetch"}"#),
    signed("a lone surrogate", #"{"kind":"\ud800"}"#),
    signed("50,000 keys", "{" + (0..<50_000).map { #""k\#($0)":1"# }.joined(separator: ",") + "}"),
    signed("a byte-order mark", [0xEF, 0xBB, 0xBF] + Array("{}".utf8)),
    signed("text that is no UTF-8", [0x22, 0xC0, 0xAF, 0xFF, 0x22]),
    signed("a body of NULs", [UInt8](repeating: 0, count: 65_536)),
    signed("an empty body", []),
    signed(
      "a form of 10,000 fields", (0..<10_000).map { "k\($0)=v" }.joined(separator: "&"),
      type: "application/x-www-form-urlencoded"),
    signed(
      "a multipart body that names a file of ours",
      "--x\r\nContent-Disposition: form-data; name=a; filename=/etc/passwd\r\n\r\n\r\n--x--\r\n",
      type: "multipart/form-data; boundary=x"),
    signed("JSON that says it is an upload", #"{"files":{"filepath":"/etc/passwd"}}"#),
    signed(
      "a content type of 8 KiB", Array("{}".utf8), type: "application/\(String(repeating: "a", count: 8_000))"
    ),
    signed(
      "a compressed body", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], more: [("Content-Encoding", "gzip")]),
    signed("an expression in a body", #"{"kind":"{{ vars }}","text":"{{ execution.id }}"}"#),
  ]
}
