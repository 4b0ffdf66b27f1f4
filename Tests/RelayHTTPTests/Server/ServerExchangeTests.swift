import RelayHTTP
import RelayModel
import Testing

@Suite struct ServerExchangeTests {
  @Test func `a request arrives as it was sent, and its answer comes back`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send(
      "POST /hooks/a?x=%20y&z HTTP/1.1\r\nHost: a.example:80\r\nX-One:  first \r\nx-two: \r\nX-One: second\r\n"
        + "Content-Length: 5\r\n\r\nhello")
    let answer = try client.readAnswer()
    #expect(answer.status == 200)
    #expect(answer.body == "POST /hooks/a?x=%20y&z hello")
    #expect(answer.headers["content-type"] == "text/plain")
    #expect(answer.headers["date"] != nil)
    let request = try #require(bed.seen.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/hooks/a?x=%20y&z")
    #expect(request.headers.values("x-one") == ["first", "second"])
    #expect(request.headers.first("X-Two") == "")
    #expect(request.headers.count == 5)
    #expect(request.client == "127.0.0.1")
    #expect(String(decoding: request.body, as: UTF8.self) == "hello")
  }

  @Test func `a connection carries one request after the other`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    for number in 0..<20 {
      try client.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
      let answer = try client.readAnswer()
      #expect(answer.body == "POST /\(number) ok")
      #expect(!answer.isClosing)
    }
  }

  @Test func `requests that are sent without waiting are answered in order`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    let requests = (0..<50).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" }
    try client.send(requests.joined())
    for number in 0..<50 { #expect(try client.readAnswer().body == "POST /\(number) abc") }
  }

  @Test func `a chunked body arrives whole and trailers are no header fields`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send(
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Late: 1\r\n\r\n")
    #expect(try client.readAnswer().body == "POST /a hello world")
    #expect(bed.seen.requests.first?.headers.first("x-late") == nil)
  }

  @Test func `a chunk that comes in two pieces is one body`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    for piece in [
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r", "\nhel", "lo\r\n0",
      "\r\n\r\n",
    ] { try client.send(piece) }
    #expect(try client.readAnswer().body == "POST /a hello")
  }

  @Test func `a large body arrives whole`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    let body = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    try client.send("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
    try client.send(body)
    #expect(try client.readAnswer().status == 200)
    #expect(bed.seen.requests.first?.body == body)
    #expect(bed.server.inflightBytes == 0)
  }

  @Test func `HEAD is answered without a body, and HTTP 1.0 with a close`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer(hasBody: false).status == 200)
    try client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().body == "GET /b ")
    let old = try bed.exchange("GET /c HTTP/1.0\r\n\r\n")
    #expect(old.hasSuffix("GET /c "))
  }

  @Test func `an answer that is known from the head leaves the connection open`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
    try client.send("hello")
    let refused = try client.readAnswer()
    #expect(refused.status == 404)
    #expect(refused.headers["content-type"] == "application/problem+json")
    try client.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 404)
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
    #expect(bed.seen.requests.count == 1)
  }

  @Test func `a client that asks first is told to go on`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(try client.readAnswer().status == 100)
    try client.send("ok")
    #expect(try client.readAnswer().body == "POST /a ok")
  }

  @Test func `an answer with a field that cannot be sent is a 500, and the connection ends`() throws {
    struct Careless: Responder {
      func admit(_ head: borrowing RequestHead) -> Admission { .receive(limit: .kibibytes(1)) }
      func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
        HTTPResponse(status: 200, fields: [.init("X-Bad", "a\r\nSet-Cookie: b")])
      }
    }
    let bed = try ServerBed(responder: Careless())
    let text = try bed.exchange("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(text.hasPrefix("HTTP/1.1 500 "))
    #expect(!text.contains("Set-Cookie"))
  }
}
