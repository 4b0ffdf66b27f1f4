/// H3, H4, H6: what two programs could read in different ways, or what no program should hold.
extension Attack {
  private static let chunked = "Transfer-Encoding: chunked"

  /// A request with a body that `fields` frame.
  private static func framed(
    _ name: String, _ fields: String, body: String = "hello", _ statuses: Set<Int> = [400],
    code: String? = "bad_request"
  ) -> Attack {
    Attack(
      name, "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\n\(fields)\r\n\r\n\(body)", statuses, code: code
    )
  }

  private static func line(_ name: String, _ line: String, code: String? = "bad_request") -> Attack {
    framed(name, "\(line)\r\nContent-Length: 0", body: "", code: code)
  }

  private static func target(
    _ name: String, _ line: String, _ statuses: Set<Int> = [400], code: String? = "bad_request"
  ) -> Attack {
    Attack(
      name, "\(line)\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", statuses,
      code: code)
  }

  static let smuggling: [Attack] = [
    framed("a length and a coding", "Content-Length: 5\r\n\(chunked)", body: "0\r\n\r\n"),
    framed("a coding and a length", "\(chunked)\r\nContent-Length: 6", body: "0\r\n\r\nG"),
    framed("two equal lengths", "Content-Length: 5\r\nContent-Length: 5"),
    framed("two different lengths", "Content-Length: 5\r\nContent-Length: 0"),
    framed("a list of lengths", "Content-Length: 5, 5", code: nil),
    framed("a length with a sign", "Content-Length: +5", code: nil),
    framed("a length beyond 64 bits", "Content-Length: 99999999999999999999999", [400, 413], code: nil),
    framed("an unknown coding", "Transfer-Encoding: xchunked"),
    framed("the coding twice", "\(chunked)\r\n\(chunked)", body: "0\r\n\r\n"),
    framed("a coding behind gzip", "Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"),
    framed("a folded coding", "Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n"),
    framed("a coding with a blank before the colon", "Transfer-Encoding : chunked", body: "0\r\n\r\n"),
    framed("a coding after a vertical tab", "Transfer-Encoding: \u{0B}chunked", body: "0\r\n\r\n"),
    framed("a coding after a bare line feed", "X: y\n\(chunked)", body: "0\r\n\r\n"),
    framed("a coding after a bare carriage return", "X: y\r\(chunked)\r\nContent-Length: 0", body: ""),
    framed("a chunk size that is no number", chunked, body: "zz\r\nhello\r\n0\r\n\r\n", code: nil),
    framed("a chunk size with a sign", chunked, body: "+5\r\nhello\r\n0\r\n\r\n", code: nil),
    framed("a chunk longer than its size", chunked, body: "2\r\nhello\r\n0\r\n\r\n", code: nil),
    framed("a chunk size ended by a bare line feed", chunked, body: "5\nhello\r\n0\r\n\r\n"),
    framed(
      "a chunk size beyond 64 bits", chunked, body: "fffffffffffffffff\r\nhello", [400, 413], code: nil),
    Attack("a coding in HTTP 1.0", "POST /hooks/github HTTP/1.0\r\nHost: a\r\n\(chunked)\r\n\r\n0\r\n\r\n"),
  ]

  static let heads: [Attack] = [
    line("a NUL in a value", "X-Hub-Signature-256: good\0junk"),
    line("a NUL at a value's end", "X-Hub-Signature-256: good\0"),
    line("a NUL in a name", "X-Sig\0nature: good", code: nil),
    line("a bare carriage return in a value", "X: y\rz"),
    line("an escape character in a value", "X: \u{1B}[2J"),
    line("a folded field", "X: y\r\n z"),
    line("a field without a name", ": y"),
    line("a second Host", "Host: 127.0.0.1"),
    line("a second Content-Type", "Content-Type: a/b\r\nContent-Type: c/d"),
    Attack("no Host", "GET /hooks/github HTTP/1.1\r\nX: y\r\n\r\n"),
    Attack("bare line feeds only", "GET /hooks/github HTTP/1.1\nHost: 127.0.0.1\n\n"),
    line(
      "a header just over the bound", "X: \(String(repeating: "a", count: 16_384))", 431, "headers_too_large"),
    line("a header of 1 MB", "X: \(String(repeating: "a", count: 1 << 20))", 431, nil),
    line(
      "ten thousand headers", (0..<10_000).map { "X-\($0): y" }.joined(separator: "\r\n"), 431,
      nil),
    framed(
      "a chunk extension of 1 MB", chunked, body: "5;\(String(repeating: "a", count: 1 << 20))",
      [0, 400, 413, 500],
      code: nil),
    framed(
      "trailers of 1 MB", chunked, body: "0\r\n\(String(repeating: "X: y\r\n", count: 170_000))\r\n",
      [0, 400, 401, 413, 431], code: nil),
  ]

  static let lines: [Attack] = [
    target("a NUL in the path", "POST /hooks/github\0x HTTP/1.1"),
    target("a blank in the path", "POST /hooks/git hub HTTP/1.1"),
    target("a path beyond ASCII", "POST /hooks/größe HTTP/1.1"),
    target("the absolute form", "POST http://127.0.0.1/hooks/github HTTP/1.1"),
    target("the authority form", "CONNECT 127.0.0.1:443 HTTP/1.1"),
    target("the asterisk form", "OPTIONS * HTTP/1.1"),
    target("a method that is no token", "G[T /hooks/github HTTP/1.1"),
    target("a version in lower case", "POST /hooks/github http/1.1", [0, 400], code: nil),
    target(
      "a target of 1 MB", "POST /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1", [414],
      code: nil),
    target(
      "a target just over its bound", "POST /\(String(repeating: "a", count: 8192)) HTTP/1.1", [414],
      code: "target_too_long"),
    target("a path to a parent", "POST /hooks/../hooks/github HTTP/1.1", [404], code: "unknown_source"),
    target("an encoded letter", "POST /hooks/%67ithub HTTP/1.1", [404], code: "unknown_source"),
    target("an encoded NUL", "POST /hooks/github%00 HTTP/1.1", [404], code: "unknown_source"),
    target("two slashes", "POST //hooks/github HTTP/1.1", [404], code: "unknown_source"),
    target("capitals", "POST /hooks/GitHub HTTP/1.1", [404], code: "unknown_source"),
    target("the admin interface's path", "GET /api/executions HTTP/1.1", [404], code: "unknown_source"),
    target("a method in lower case", "post /hooks/github HTTP/1.1", [405], code: "method_not_allowed"),
    target("TRACE", "TRACE /hooks/github HTTP/1.1", [405], code: "method_not_allowed"),
    Attack("a word", "hello\r\n\r\n", [0, 400], code: nil),
    Attack("TLS", "\u{16}\u{03}\u{01}\u{00}\u{05}hello\r\n\r\n", [0, 400], code: nil),
  ]

  private static func line(_ name: String, _ line: String, _ status: Int, _ code: String?) -> Attack {
    framed(name, "\(line)\r\nContent-Length: 0", body: "", [status], code: code)
  }
}
