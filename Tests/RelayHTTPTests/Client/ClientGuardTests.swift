import RelayModel
import Testing

@testable import RelayHTTP

/// The guard in the client itself: what an expression produced reaches no inner address, however it is spelt.
@Suite(.timeLimit(.minutes(1))) struct ClientGuardTests {
  static let names: [String: [String]] = [
    "localhost": ["127.0.0.1", "::1"], "127.0.0.1.nip.io": ["127.0.0.1"], "imds.example": ["169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"], "v6.example": ["::ffff:10.0.0.1", "fe80::1"],
  ]

  @Test(arguments: [
    "http://127.1", "http://0", "http://0x7f000001", "http://2130706433", "http://017700000001",
    "http://[::]",
    "http://[::1]", "http://[::ffff:127.0.0.1]", "http://[0:0:0:0:0:ffff:a9fe:a9fe]",
    "http://[64:ff9b::a9fe:a9fe]",
    "http://[2002:7f00:1::1]", "http://[fe80::1%25lo]", "http://localhost.", "http://127.0.0.1.nip.io",
    "http://169.254.43518", "http://a@127.0.0.1", "http://127.0.0.1#@ok.example",
    "http://ok.example@127.0.0.1",
    "http://[example.com]", "file:///etc/passwd", "gopher://127.0.0.1", "http://１２７.0.0.1",
    "http://metadata.google.internal", "http://100.100.100.200", "http://0x7f.1", "http://2852039166",
    "http://localhost:80", "https://LOCALHOST/", "http://imds.example", "http://v6.example",
    "http://127.0.0.1\\@ok.example",
    "http://[127.0.0.1]", "dict://127.0.0.1:11211", "http://10.0.0.1", "http://192.168.0.1:22",
  ])
  func `a spelling of an inner address is refused`(url: String) throws {
    let client = try makeClient(names: FixedNames(Self.names))
    defer { client.stop() }
    let error = try client.failure(OutgoingRequest(method: "GET", url: url, timeout: .seconds(5)))
    #expect(["forbidden_address", "bad_url"].contains(error.code), "\(error)")
    #expect(!error.isRetryable && !error.mayHaveArrived)
  }

  @Test func `a host that is written out may be this machine`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient(names: FixedNames(Self.names))
    defer { client.stop() }
    for host in ["127.1", "localhost", "0x7f000001", "127.0.0.1.nip.io"] {
      let answer = try client.perform(get("http://\(host):\(server.port)/")).get()
      #expect(answer.address == IPAddress("127.0.0.1"))
    }
  }

  @Test func `a host that is written out may still not be a metadata service`() throws {
    let client = try makeClient(names: FixedNames(Self.names))
    defer { client.stop() }
    for host in ["169.254.169.254", "imds.example", "metadata.google.internal", "[fd00:ec2::254]"] {
      #expect(client.code(get("http://\(host)/")) == "forbidden_address")
    }
  }

  @Test func `a kept connection to an inner address is not lent to an expression's host`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let names = FixedNames(["rebind.example": ["127.0.0.1"]])
    let time = MovableTime()
    let client = try makeClient(names: names, time: time)
    defer { client.stop() }
    let url = "http://rebind.example:\(server.port)/"
    #expect(try client.perform(get(url)).get().status == 200)
    // The name now leads outside, but the connection from before still leads inside.
    names.set("rebind.example", ["8.8.8.8"])
    time.move(by: NameTable.usable)
    let error = try client.failure(OutgoingRequest(method: "GET", url: url, timeout: .seconds(5)))
    #expect(error.code == "forbidden_address")
    #expect(error.message.contains("127.0.0.1"))
    #expect(names.lookups.count == 2)
  }

  @Test func `of several addresses only those that may be called are tried`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let names = FixedNames(["mixed.example": ["169.254.169.254", "127.0.0.1"]])
    let client = try makeClient(names: names)
    defer { client.stop() }
    #expect(
      try client.perform(get("http://mixed.example:\(server.port)/")).get().address == IPAddress("127.0.0.1"))
  }

  @Test func `egress rules reach the wire`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let allowed = try makeClient(AddressPolicy(allow: [try #require(EgressRule("127.0.0.0/8"))]))
    defer { allowed.stop() }
    let request = OutgoingRequest(method: "GET", url: server.url())
    #expect(try allowed.perform(request).get().status == 200)
    let denied = try makeClient(AddressPolicy(deny: [try #require(EgressRule("127.0.0.0/8"))]))
    defer { denied.stop() }
    #expect(denied.code(get(server.url())) == "forbidden_address")
    #expect(server.connections == 1)
  }

  @Test(arguments: [
    ("X-A", "b\r\nX-Evil: 1"), ("X-A", "b\nc"), ("X-A", "b\u{0}c"), ("X-A\r\nX-Evil", "1"), ("X A", "1"),
    ("X-A:", "1"), ("", "1"), ("Héader", "1"), ("Host", "other.example"), ("content-length", "3"),
    ("Transfer-Encoding", "chunked"), ("Connection", "close"), ("EXPECT", "100-continue"), ("Upgrade", "h2c"),
  ])
  func `a header that could change the framing is refused`(name: String, value: String) throws {
    let client = try makeClient()
    defer { client.stop() }
    var request = get("http://127.0.0.1:1/")
    request.headers = HeaderFields([(name, value)])
    let error = try client.failure(request)
    #expect(error.code == "bad_request")
    #expect(!error.message.contains("X-Evil: 1"))
  }

  @Test(arguments: ["", "GE T", "GET / HTTP/1.1\r\nX: y", "CONNECT", "G\u{0}T"])
  func `a method that is none is refused`(method: String) throws {
    let client = try makeClient()
    defer { client.stop() }
    var request = get("http://127.0.0.1:1/")
    request.method = method
    #expect(client.code(request) == "bad_request")
  }
}
