import RelayModel
import RelayThreads
import Testing

@testable import RelayHTTP

/// What a server sees of a request, and what becomes of an ordinary answer.
@Suite(.timeLimit(.minutes(1))) struct ClientExchangeTests {
  @Test func `a POST arrives with its body, its fields and nothing that was not asked for`() throws {
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        peer.answer("202 Accepted", ["X-Trace: 7", "x-trace: 8"], "done")
      }
    }
    let client = try makeClient()
    defer { client.stop() }
    var request = post(server.url("/in?a=b"), "{\"n\":1}")
    request.headers.append("Idempotency-Key", "exe_1:a")
    request.headers.append("X-Empty", "")
    let answer = try client.perform(request).get()
    #expect(answer.status == 202)
    #expect(answer.headers.values("X-TRACE") == ["7", "8"])
    #expect(String(decoding: answer.body, as: UTF8.self) == "done")
    #expect(answer.url == server.url("/in?a=b"))
    #expect(answer.address == IPAddress("127.0.0.1"))
    let arrived = try #require(seen.all.first)
    #expect(arrived.line == "POST /in?a=b HTTP/1.1")
    #expect(String(decoding: arrived.body, as: UTF8.self) == "{\"n\":1}")
    #expect(arrived.field("host") == "127.0.0.1:\(server.port)")
    #expect(arrived.field("content-type") == "application/json")
    #expect(arrived.field("idempotency-key") == "exe_1:a")
    #expect(arrived.field("x-empty") == "")
    #expect(arrived.field("user-agent") == "petrel")
    for absent in ["expect", "accept-encoding", "cookie", "authorization", "transfer-encoding"] {
      #expect(arrived.field(absent) == nil, "\(absent)")
    }
  }

  @Test(arguments: [
    ("GET", "", nil as String?), ("DELETE", "", nil), ("OPTIONS", "", nil), ("HEAD", "", nil),
    ("POST", "", "0"),
    ("PUT", "", "0"), ("PATCH", "x", "1"), ("DELETE", "x", "1"), ("GET", "xy", "2"), ("QUERY", "xyz", "3"),
  ])
  func `a method is sent with the length of its body`(method: String, body: String, length: String?) throws {
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      if let request = peer.request() { seen.add(request) }
      peer.send("HTTP/1.1 204 No Content\r\n\r\n")
    }
    let client = try makeClient()
    defer { client.stop() }
    var request = get(server.url())
    request.method = method
    request.body = Array(body.utf8)
    #expect(try client.perform(request).get().status == 204)
    let arrived = try #require(seen.all.first)
    #expect(arrived.line == "\(method) / HTTP/1.1")
    #expect(arrived.field("content-length") == length)
    #expect(arrived.field("content-type") == nil)
    #expect(String(decoding: arrived.body, as: UTF8.self) == body)
  }

  @Test func `one handle sends one method after another as each demands`() throws {
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        peer.answer("200 OK", [], request.line.hasPrefix("HEAD") ? "" : "x")
      }
    }
    let client = try makeClient()
    defer { client.stop() }
    let methods = ["POST", "GET", "PUT", "HEAD", "POST", "DELETE", "GET"]
    for method in methods {
      var request = method.hasPrefix("P") ? post(server.url()) : get(server.url())
      request.method = method
      #expect(try client.perform(request).get().status == 200)
    }
    #expect(seen.all.map { $0.line } == methods.map { "\($0) / HTTP/1.1" })
    #expect(seen.all.map { $0.body.count } == methods.map { $0.hasPrefix("P") ? 2 : 0 })
    #expect(server.connections == 1)
  }

  @Test func `a connection is kept for the next request`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient()
    defer { client.stop() }
    let first = try client.perform(post(server.url())).get()
    let second = try client.perform(post(server.url("/other"))).get()
    #expect(server.connections == 1)
    #expect(!first.onKeptConnection)
    #expect(second.onKeptConnection)
    #expect(second.address == IPAddress("127.0.0.1"))
  }

  @Test func `each request asks for its own URL, whatever was asked for before`() throws {
    let seen = SeenRequests()
    let answer: @Sendable (Peer, Int) -> Void = { peer, _ in
      while let request = peer.request() {
        seen.add(request)
        peer.answer("200 OK", [], "")
      }
    }
    let (one, other) = (RawServer(answer), RawServer(answer))
    let client = try makeClient()
    defer { client.stop() }
    for url in [one.url("/a?q=1"), one.url("/b"), other.url("/a"), other.url("/../c"), one.url("/a?q=1")] {
      #expect(try client.perform(get(url)).get().url == url)
    }
    #expect(seen.all.map { $0.line.split(separator: " ")[1] } == ["/a?q=1", "/b", "/a", "/../c", "/a?q=1"])
    let hosts = [one, one, other, other, one].map { "127.0.0.1:\($0.port)" }
    #expect(seen.all.map { $0.field("host") } == hosts)
  }

  @Test func `a request that needs a fresh connection gets one`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient()
    defer { client.stop() }
    _ = try client.perform(post(server.url())).get()
    var request = post(server.url())
    request.needsFreshConnection = true
    #expect(try client.perform(request).get().onKeptConnection == false)
    #expect(server.connections == 2)
  }

  @Test func `a large body arrives whole, and a large answer too`() throws {
    let size = 3 << 20
    let seen = SeenRequests()
    let server = RawServer { peer, _ in
      guard let request = peer.request() else { return }
      seen.add(request)
      peer.answer("200 OK", [], String(repeating: "y", count: size))
    }
    let client = try makeClient()
    defer { client.stop() }
    var request = post(server.url(), String(repeating: "x", count: size))
    request.maxAnswer = ByteCount(size)
    let answer = try client.perform(request).get()
    #expect(answer.body.count == size && answer.body.allSatisfy { $0 == UInt8(ascii: "y") })
    #expect(seen.all.first?.body.count == size)
    #expect(seen.all.first?.field("expect") == nil)
  }

  @Test func `many transfers run at once and each gets its own answer`() throws {
    let server = RawServer { peer, _ in
      while let request = peer.request() {
        peer.answer("200 OK", [], String(decoding: request.body, as: UTF8.self))
      }
    }
    let client = try makeClient()
    defer { client.stop() }
    let results = Results()
    for number in 0..<500 { client.start(post(server.url(), "\(number)"), completion: results.take) }
    for _ in 0..<500 { _ = results.next() }
    let bodies = try results.all.map { String(decoding: try $0.get().body, as: UTF8.self) }
    #expect(Set(bodies) == Set((0..<500).map(String.init)))
  }

  @Test func `a batch ends with one call of each hook`() throws {
    let server = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient()
    defer { client.stop() }
    let batches = Latch()
    client.afterEachBatch { batches.open() }
    _ = try client.perform(get(server.url())).get()
    batches.wait()
  }

  @Test func `an interim answer and trailers leave no mark on the answer`() throws {
    let server = RawServer { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n")
      peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n")
      peer.send("3\r\nabc\r\n0\r\nRetry-After: 99\r\n\r\n")
    }
    let client = try makeClient()
    defer { client.stop() }
    let answer = try client.perform(get(server.url())).get()
    #expect(answer.status == 200)
    #expect(answer.headers.first("link") == nil)
    #expect(answer.headers.first("retry-after") == nil)
    #expect(answer.headers.first("x-a") == "1")
    #expect(String(decoding: answer.body, as: UTF8.self) == "abc")
  }

  @Test func `a compressed answer is not inflated`() throws {
    let server = RawServer { peer, _ in peer.answerAll("200 OK", ["Content-Encoding: gzip"], "\u{1F}raw") }
    let client = try makeClient()
    defer { client.stop() }
    #expect(try client.perform(get(server.url())).get().body == Array("\u{1F}raw".utf8))
  }
}
