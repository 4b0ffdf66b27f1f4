import RelayModel
import Testing

@testable import RelayHTTP

/// An answer while it arrives, line by line.
@Suite struct AnswerBufferTests {
  private func buffer(_ lines: String..., maxHeaders: Int = 1000) throws -> AnswerBuffer {
    var buffer = AnswerBuffer(maxHeaders: ByteCount(maxHeaders), maxBody: ByteCount(4))
    for line in lines { try buffer.take(line: Array((line + "\r\n").utf8).span) }
    return buffer
  }

  @Test func `a field loses the blanks around its value, and keeps its spelling`() throws {
    let answer = try buffer("HTTP/1.1 200 OK", "X-A:  b c \t", "x-Empty:", "no colon", ":no name", "")
    #expect(answer.headers.all.map { "\($0.name)=\($0.value)" } == ["X-A=b c", "x-Empty="])
    #expect(answer.isComplete && answer.fault == nil)
  }

  @Test func `the fields of an interim answer are forgotten`() throws {
    let answer = try buffer("HTTP/1.1 100 Continue", "X-A: 1", "", "HTTP/1.1 200 OK", "X-B: 2", "")
    #expect(answer.headers.all.map { $0.name } == ["X-B"])
  }

  @Test func `trailers are no fields`() throws {
    #expect(try buffer("HTTP/1.1 200 OK", "", "X-A: 1", "").headers.isEmpty)
  }

  @Test func `an interim answer alone is no answer`() throws {
    #expect(try buffer("HTTP/1.1 100 Continue", "").fault != nil)
    #expect(try buffer("HTTP/1.1 200 OK", "X-A: 1").fault != nil)
  }

  @Test func `the same length twice is one length, two are a fault`() throws {
    #expect(try buffer("HTTP/1.1 200 OK", "Content-Length: 3", "content-length: 3", "").fault == nil)
    #expect(try buffer("HTTP/1.1 200 OK", "Content-Length: 3", "content-length: 4", "").fault != nil)
  }

  @Test func `header lines count together, interim ones too`() throws {
    #expect(throws: AnswerBuffer.Excess.headers) {
      try buffer("HTTP/1.1 100 Continue", "", "X-A: 1", maxHeaders: 30)
    }
    #expect(throws: Never.self) { try buffer("HTTP/1.1 100 Continue", "", "X-A: 1", maxHeaders: 33) }
  }

  @Test func `a body is taken up to its bound`() throws {
    var answer = try buffer("HTTP/1.1 200 OK", "")
    try answer.take(body: [1, 2, 3, 4].span)
    #expect(answer.body == [1, 2, 3, 4])
    #expect(throws: AnswerBuffer.Excess.body) {
      var full = answer
      try full.take(body: [5].span)
    }
    #expect(answer.body.count == 4)
  }
}

/// What happened on the wire, and what may go on.
@Suite struct PassageTests {
  private let inside = IPAddress.v4(0x7F00_0001)
  private let outside = IPAddress.v4(0x0808_0808)

  private func passage(literal: Bool = false, peer: Bool = true) throws -> Passage {
    Passage(
      to: try HTTPURL("http://a.example/").destination,
      peer: peer
        ? Passage.Peer(host: .name("a.example"), port: 80, addresses: [outside], isLiteral: literal) : nil,
      timeout: .seconds(1), maxAnswer: ByteCount(10), maxHeaders: ByteCount(10))
  }

  @Test func `a request on a new connection was sent on it`() throws {
    var passage = try passage()
    let connected = passage.mayConnect(to: outside, AddressPolicy())
    #expect(connected)
    #expect(passage.progress == .notSent)
    let began = passage.mayBegin(at: outside, AddressPolicy())
    #expect(began)
    #expect(passage.progress == .sent && passage.connected == outside)
  }

  @Test func `a request on a kept connection is marked so`() throws {
    var passage = try passage()
    let began = passage.mayBegin(at: outside, AddressPolicy())
    #expect(began)
    #expect(passage.progress == .sentOnKeptConnection)
  }

  @Test func `a request begins once`() throws {
    var passage = try passage()
    let first = passage.mayBegin(at: outside, AddressPolicy())
    #expect(first)
    let connected = passage.mayConnect(to: outside, AddressPolicy())
    #expect(connected)
    let again = passage.mayBegin(at: outside, AddressPolicy())
    #expect(!again)
    #expect(passage.objection?.progress == .sentOnKeptConnection)
  }

  @Test func `an address that was not judged before is judged now`() throws {
    var passage = try passage()
    let connected = passage.mayConnect(to: inside, AddressPolicy())
    #expect(!connected)
    #expect(passage.objection?.code == "forbidden_address")
    var literal = try self.passage(literal: true)
    let connectedLiterally = literal.mayConnect(to: inside, AddressPolicy())
    #expect(connectedLiterally)
    var denied = try self.passage(literal: true)
    let deny = AddressPolicy(deny: [.network(CIDR(inside, prefixLength: 32))])
    let beganDenied = denied.mayBegin(at: inside, deny)
    #expect(!beganDenied)
    #expect(denied.progress == .notSent)
  }

  @Test func `an unknown address is no address to call, but over a Unix socket`() throws {
    var passage = try passage()
    let began = passage.mayBegin(at: nil, AddressPolicy())
    #expect(!began)
    var local = try self.passage(peer: false)
    let beganLocally = local.mayBegin(at: nil, AddressPolicy())
    #expect(beganLocally)
  }

  @Test func `an excess ends the transfer with its reason`() throws {
    var passage = try passage()
    let tookBody = passage.took(body: [UInt8](repeating: 0, count: 11).span)
    #expect(!tookBody)
    #expect(passage.objection?.code == "answer_too_large")
    let tookLine = passage.took(line: [UInt8](repeating: 65, count: 11).span)
    #expect(!tookLine)
    #expect(passage.objection?.code == "garbled_answer")
  }
}

/// The answers that callers act on.
@Suite struct TransferErrorTests {
  private static let destination = Destination(scheme: .https, host: .name("a.example"), port: 443)
  static let all: [(TransferError, code: String, retry: Bool, arrived: Bool, blame: Bool)] = [
    (.badURL("x"), "bad_url", false, false, false),
    (.badRequest("x"), "bad_request", false, false, false),
    (.forbiddenAddress(host: "h", address: nil, why: "w"), "forbidden_address", false, false, false),
    (.tooManyRedirects(limit: 1), "too_many_redirects", false, true, false),
    (.badRedirect("x"), "bad_redirect", false, true, false),
    (.resolve(host: "h", message: "m"), "resolve_failed", true, false, true),
    (.connect(destination, message: "m"), "connect_failed", true, false, true),
    (.tls(destination, message: "m"), "tls_failed", true, false, true),
    (.timeout(destination, after: .seconds(1), .notSent), "timeout", true, false, true),
    (.timeout(destination, after: .seconds(1), .sent), "timeout", true, true, true),
    (.reset(destination, message: "m", .sentOnKeptConnection), "connection_lost", true, true, true),
    (.garbled(destination, message: "m", .sent), "garbled_answer", true, true, true),
    (.answerTooLarge(destination, limit: .kibibytes(1), .sent), "answer_too_large", true, true, true),
    (.proxy(message: "m"), "proxy_failed", true, false, true),
    (.cancelled(.notSent), "cancelled", false, false, false),
    (.cancelled(.sent), "cancelled", false, true, false),
    (.overloaded("x"), "client_overloaded", true, false, false),
    (.closing, "closing", true, false, false),
  ]

  @Test(arguments: all)
  func `an error says what to do`(
    error: TransferError, code: String, retry: Bool, arrived: Bool, blame: Bool
  ) {
    #expect(error.code == code)
    #expect(error.isRetryable == retry)
    #expect(error.mayHaveArrived == arrived)
    #expect(error.blamesDestination == blame)
    #expect(!error.message.isEmpty)
  }
}
