import RelayHTTP
import RelayModel
import Testing

/// Something no honest client sends, and what may come back: its status, or 0 for a close without an answer.
struct Attack: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let statuses: Set<Int>
  /// The answer is ours; else libmicrohttpd's own parser has refused first.
  let isOurs: Bool

  init(_ name: String, _ text: String, _ statuses: Set<Int> = [400], ours: Bool = true) {
    testDescription = name
    bytes = Array(text.utf8)
    self.statuses = statuses
    isOurs = ours
  }

  /// A sound request but for one line of its head.
  static func line(_ name: String, _ line: String, ours: Bool = true) -> Attack {
    Attack(name, "POST /a HTTP/1.1\r\nHost: a\r\n\(line)\r\nContent-Length: 0\r\n\r\n", ours: ours)
  }

  /// A body of five bytes that is framed by `fields`.
  static func framed(
    _ name: String, _ fields: String, body: String = "hello", _ statuses: Set<Int> = [400], ours: Bool = true
  ) -> Attack {
    Attack(name, "POST /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)", statuses, ours: ours)
  }

  static func target(_ name: String, _ line: String, ours: Bool = true) -> Attack {
    Attack(name, "\(line)\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ours: ours)
  }

  static let chunked = "Transfer-Encoding: chunked"

  static let smuggling: [Attack] = [
    .framed("length and coding", "Content-Length: 5\r\n\(chunked)", body: "0\r\n\r\n"),
    .framed("coding and length", "\(chunked)\r\nContent-Length: 5", body: "0\r\n\r\n"),
    .framed(
      "coding and length, chunked body left over", "Content-Length: 6\r\n\(chunked)", body: "0\r\n\r\nG"),
    .framed("two equal lengths", "Content-Length: 5\r\nContent-Length: 5"),
    .framed("two different lengths", "Content-Length: 5\r\nContent-Length: 0"),
    .framed("length with a plus", "Content-Length: +5", ours: false),
    .framed("negative length", "Content-Length: -5", ours: false),
    .framed("list of lengths", "Content-Length: 5, 5", ours: false),
    .framed("hexadecimal length", "Content-Length: 0x5", ours: false),
    .framed("length with a blank", "Content-Length: 5 5", ours: false),
    .framed("length with a blank behind", "Content-Length: 5 ", ours: false),
    .framed("empty length", "Content-Length:", ours: false),
    .framed("length beyond 64 bits", "Content-Length: 99999999999999999999999", [400, 413], ours: false),
    .framed("unknown coding", "Transfer-Encoding: xchunked"),
    .framed("coding identity", "Transfer-Encoding: identity"),
    .framed("coding gzip", "Transfer-Encoding: gzip"),
    .framed("coding gzip and chunked", "Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"),
    .framed("coding chunked twice in a list", "Transfer-Encoding: chunked, chunked", body: "0\r\n\r\n"),
    .framed("coding twice", "\(chunked)\r\n\(chunked)", body: "0\r\n\r\n"),
    .framed("coding twice, one unknown", "\(chunked)\r\nTransfer-Encoding: x", body: "0\r\n\r\n"),
    .framed("coding in quotes", "Transfer-Encoding: \"chunked\"", body: "0\r\n\r\n"),
    .framed("coding after a vertical tab", "Transfer-Encoding: \u{0B}chunked", body: "0\r\n\r\n"),
    .framed("coding with a blank behind", "Transfer-Encoding: chunked ", body: "0\r\n\r\n"),
    .framed("coding with a tab behind", "Transfer-Encoding: chunked\t", body: "0\r\n\r\n"),
    .framed("folded coding", "Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n"),
    .framed("coding with a blank before the colon", "Transfer-Encoding : chunked", body: "0\r\n\r\n"),
    .framed("length with a blank before the colon", "Content-Length : 5"),
    .framed("coding after a bare line feed", "X: y\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
    .framed(
      "coding after a bare carriage return", "X: y\rTransfer-Encoding: chunked\r\nContent-Length: 0", body: ""
    ),
    Attack("coding in HTTP 1.0", "POST /a HTTP/1.0\r\nHost: a\r\n\(chunked)\r\n\r\n0\r\n\r\n"),
    .framed("chunk size that is no number", chunked, body: "zz\r\nhello\r\n0\r\n\r\n", ours: false),
    .framed("chunk size with a sign", chunked, body: "+5\r\nhello\r\n0\r\n\r\n", ours: false),
    .framed("chunk size with a prefix", chunked, body: "0x5\r\nhello\r\n0\r\n\r\n", ours: false),
    .framed("chunk size with a blank", chunked, body: "5 \r\nhello\r\n0\r\n\r\n", ours: false),
    .framed("empty chunk size", chunked, body: "\r\nhello\r\n0\r\n\r\n", ours: false),
    .framed(
      "chunk size beyond 64 bits", chunked, body: "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", [400, 413],
      ours: false),
    .framed("chunk longer than its size", chunked, body: "2\r\nhello\r\n0\r\n\r\n", ours: false),
    .framed("chunk size ended by a bare line feed", chunked, body: "5\nhello\r\n0\r\n\r\n"),
    .framed("chunk extension ended by a bare line feed", chunked, body: "5;a=b\nhello\r\n0\r\n\r\n"),
    .framed("second chunk size ended by a bare line feed", chunked, body: "2\r\nhe\r\n3\nllo\r\n0\r\n\r\n"),
  ]

  static let headTricks: [Attack] = [
    .line("NUL in a value", "X-Signature: good\0junk"),
    .line("two NULs in a value", "X-Signature: good\0\0junk"),
    .line("NUL at the end of a value", "X-Signature: good\0"),
    .line("two NULs at the end of a value", "X-Signature: good\0\0"),
    Attack("NUL at the end of the last value", "GET /a HTTP/1.1\r\nHost: a\r\nX: good\0\r\n\r\n"),
    Attack("two NULs at the end of the last value", "GET /a HTTP/1.1\r\nHost: a\r\nX: good\0\0\r\n\r\n"),
    .line("NUL in a name", "X-Sig\0nature: good", ours: false),
    .line("bare line feed between fields", "X: y\nZ: z"),
    Attack("bare line feeds only", "GET /a HTTP/1.1\nHost: a\n\n"),
    Attack("bare line feed at the head's end", "GET /a HTTP/1.1\r\nHost: a\r\n\n"),
    .line("bare carriage return in a value", "X: y\rz"),
    .line("escape character in a value", "X: \u{1B}[2J"),
    .line("folded field", "X: y\r\n z"),
    .line("field that begins with a blank", " X: y"),
    Attack("first field begins with a blank", "GET /a HTTP/1.1\r\n Host: a\r\n\r\n"),
    .line("field without a name", ": y"),
    .line("field without a colon", "X y", ours: false),
    .line("name that is no token", "X[]: y"),
    .line("name beyond ASCII", "X-Größe: y"),
    .line("second Host", "Host: b"),
    .line("second Content-Type", "Content-Type: a/b\r\nContent-Type: c/d"),
    .line("second Content-Encoding", "content-encoding: gzip\r\nContent-Encoding: br"),
    .line("second Expect", "Expect: 100-continue\r\nExpect: 100-continue"),
    Attack("no Host", "GET /a HTTP/1.1\r\nX: y\r\n\r\n"),
    Attack("no field at all", "GET /a HTTP/1.1\r\n\r\n"),
    Attack("Host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    Attack("Host with a user", "GET /a HTTP/1.1\r\nHost: x@a\r\n\r\n"),
    Attack("Host with a blank", "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n"),
  ]

  static let lineTricks: [Attack] = [
    .target("NUL in the path", "GET /a\0b HTTP/1.1"),
    .target("NUL at the path's end", "GET /a\0 HTTP/1.1"),
    .target("NUL in the query", "GET /a?b\0c HTTP/1.1"),
    .target("NUL in the method", "GE\0T /a HTTP/1.1"),
    .target("blank in the path", "GET /a b HTTP/1.1"),
    .target("two blanks before the path", "GET  /a HTTP/1.1"),
    .target("two blanks before the version", "GET /a  HTTP/1.1"),
    .target("tab for a blank", "GET\t/a HTTP/1.1", ours: false),
    .target("path beyond ASCII", "GET /größe HTTP/1.1"),
    .target("control character in the path", "GET /a\u{07} HTTP/1.1"),
    .target("absolute form", "GET http://a/a HTTP/1.1"),
    .target("asterisk form", "OPTIONS * HTTP/1.1"),
    .target("authority form", "CONNECT a:443 HTTP/1.1"),
    .target("path without a slash", "GET a HTTP/1.1"),
    .target("method that is no token", "G[T /a HTTP/1.1"),
    Attack("no version", "GET /a\r\nHost: a\r\n\r\n", [400, 0], ours: false),
    Attack("version in lower case", "GET /a http/1.1\r\nHost: a\r\n\r\n", [400, 0], ours: false),
    Attack("version without a number", "GET /a HTTP/\r\nHost: a\r\n\r\n", [400, 0], ours: false),
    Attack("version with a blank behind", "GET /a HTTP/1.1 \r\nHost: a\r\n\r\n", [400, 0], ours: false),
    Attack("a word", "hello\r\n\r\n", [400, 0], ours: false),
    Attack("TLS", "\u{16}\u{03}\u{01}\u{00}\u{05}hello\r\n\r\n", [400, 0], ours: false),
  ]
}

@Suite struct AttackTests {
  @Test(arguments: Attack.smuggling + Attack.headTricks + Attack.lineTricks)
  func `what can be read in two ways is refused, and nothing behind it is read`(attack: Attack) throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send(attack.bytes + Array("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    let text = try client.readToEnd()
    let status = Int(text.dropFirst(9).prefix(3)) ?? 0
    #expect(attack.statuses.contains(status), "\(text)")
    #expect(bed.seen.requests.isEmpty)
    bed.server.stop()
    if attack.isOurs {
      #expect(text.ranges(of: "HTTP/1.1 400 ").count == 1, "one answer, not two: \(text)")
      #expect(text.contains("application/problem+json"), "\(text)")
      #expect(text.contains("\"code\":\"bad_request\""))
      #expect(bed.server.counters.badRequests == 1)
    }
  }

  @Test func `a path is what was sent, whatever it would mean decoded`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    for target in ["/a/../b", "/%2e%2e/%00", "/A", "/%ff", "//a", "/a;b?c=%00#d", "/{a}|b"] {
      try client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.readAnswer().body == "GET \(target) ")
    }
  }

  @Test(arguments: ["gzip", "br", "deflate, gzip"])
  func `a compressed body is stored as it came`(encoding: String) throws {
    let bed = try ServerBed()
    let client = try bed.client()
    let body: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    try client.send(
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Encoding: \(encoding)\r\nContent-Length: 10\r\n\r\n")
    try client.send(body)
    #expect(try client.readAnswer().status == 200)
    #expect(bed.seen.requests.first?.body == body)
  }

  @Test func `a form body is bytes to the server, also where the parser would read it`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    let body = "a=b&files.filepath=/etc/passwd&%00=\0"
    try client.send(
      "POST /a HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(try client.readAnswer().status == 200)
    let request = try #require(bed.seen.requests.first)
    #expect(request.body == Array(body.utf8))
    #expect(request.headers.first("cookie") == "a=b; c=d")
  }

  @Test func `a chunk extension beyond the buffer ends the connection soon`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;")
    let extensionBytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
    do { try client.send(extensionBytes) } catch RawClient.Failure.send {}
    let start = MachineTime().elapsed()
    try client.waitForEnd()
    #expect(MachineTime().elapsed() - start < .seconds(3))
    bed.server.stop()
    #expect(bed.seen.requests.isEmpty)
    #expect(bed.server.counters.badRequests == 1)
  }
}
