import RelayHTTP
import RelayModel
import Testing

@Suite struct ServerLimitTests {
  private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
    var limits = ServerLimits()
    change(&limits)
    return limits
  }

  @Test func `a declared body over the limit is refused before it comes, and the client reads why`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
    let answer = try client.readAnswer()
    #expect(answer.status == 413)
    #expect(answer.isClosing)
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(answer.headers["content-length"] != nil)
    #expect(answer.headers["date"]?.hasSuffix(" GMT") == true)
    #expect(answer.body.contains("\"code\":\"body_too_large\""))
    // What is under way still goes out without a reset.
    try client.send([UInt8](repeating: 0, count: 200_000))
    #expect(try client.readToEnd().isEmpty)
    #expect(bed.seen.requests.isEmpty)
  }

  @Test func `a client that asks first is told 413 and never to go on`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n")
    let text = try client.readToEnd()
    #expect(text.hasPrefix("HTTP/1.1 413 "))
    #expect(!text.contains(" 100 "))
  }

  @Test func `a chunked body over the limit is refused as soon as it passes it`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
    for _ in 0..<5 { try client.send(chunk) }
    let answer = try client.readAnswer()
    #expect(answer.status == 413)
    #expect(try client.readToEnd().isEmpty)
    #expect(bed.seen.requests.isEmpty)
    #expect(bed.server.inflightBytes == 0)
  }

  @Test func `a body as long as the limit is taken`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n")
    try client.send([UInt8](repeating: 120, count: 65_536))
    #expect(try client.readAnswer().status == 200)
  }

  @Test func `an answer known from the head does not wait for a large body`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
    #expect(try client.readAnswer().status == 404)
    let chunked = try bed.client()
    try chunked.send("POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in 0..<5 { try chunked.send("4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n") }
    #expect(try chunked.readAnswer().status == 404)
  }

  @Test func `a client that goes on sending after its refusal is cut off`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
    let piece = [UInt8](repeating: 0, count: 1 << 20)
    var sent = 0
    while sent < 64 {
      do { try client.send(piece) } catch { break }
      sent += 1
    }
    #expect(sent < 64)
  }

  @Test func `a target over its limit is 414, and one as long as it is taken`() throws {
    let bed = try ServerBed(limits: limits { $0.target = ByteCount(100) })
    let fits = try bed.client()
    try fits.send("GET /\(String(repeating: "a", count: 99)) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try fits.readAnswer().status == 200)
    let text = try bed.exchange("GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(text.hasPrefix("HTTP/1.1 414 "))
    #expect(text.contains("application/problem+json"))
  }

  @Test func `header fields over their limit are 431`() throws {
    let bed = try ServerBed()
    let fits = try bed.client()
    try fits.send("GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 16_000))\r\n\r\n")
    #expect(try fits.readAnswer().status == 200)
    let text = try bed.exchange(
      "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 16_500))\r\n\r\n")
    #expect(text.hasPrefix("HTTP/1.1 431 "))
    #expect(text.contains("application/problem+json"))
  }

  @Test(arguments: [
    ("a line beyond every buffer", "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\n\r\n", 414),
    (
      "a field beyond every buffer",
      "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431
    ),
    (
      "ten thousand fields",
      "GET /a HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 10_000))\r\n", 431
    ),
    ("a method beyond every buffer", String(repeating: "A", count: 100_000) + " / HTTP/1.1\r\n\r\n", 414),
  ])
  func `what no buffer holds ends the connection`(name: String, request: String, status: Int) throws {
    let bed = try ServerBed()
    let client = try bed.client()
    do { try client.send(request) } catch RawClient.Failure.send {}
    do {
      let text = try client.readToEnd()
      #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(text.prefix(100))")
    } catch RawClient.Failure.reset {}
    #expect(bed.seen.requests.isEmpty)
  }

  @Test func `bodies in flight are bounded together, and one that is over makes room`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(limits: limits { $0.inflight = ByteCount(10_000) }, responder: responder)
    let body = [UInt8](repeating: 120, count: 6000)
    let request = Array("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\n".utf8) + body
    let first = try bed.client()
    try first.send(request)
    let held = try #require(responder.take())
    #expect(bed.server.inflightBytes == 6000)
    let second = try bed.client()
    try second.send(request)
    let refused = try second.readAnswer()
    #expect(refused.status == 503)
    #expect(refused.headers["retry-after"] != nil)
    held.answer(HTTPResponse(status: 202))
    #expect(try first.readAnswer().status == 202)
    let third = try bed.client()
    try third.send(request)
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try third.readAnswer().status == 202)
  }
}
