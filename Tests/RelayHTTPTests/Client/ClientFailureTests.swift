import RelayModel
import RelayThreads
import Testing

@testable import RelayHTTP

/// Misbehaving servers: each ends in an error that says what to do, within bounds.
@Suite(.timeLimit(.minutes(1))) struct ClientFailureTests {
  /// What a POST ends with at a server that behaves as `serve` says.
  private func failure(
    timeout: Duration = .seconds(20), maxAnswer: ByteCount = .mebibytes(1),
    _ serve: @escaping @Sendable (Peer, Int) -> Void
  ) throws -> TransferError {
    let server = RawServer(serve)
    let client = try makeClient()
    defer { client.stop() }
    var request = post(server.url(), timeout: timeout)
    request.maxAnswer = maxAnswer
    return try client.failure(request)
  }

  @Test func `nobody listens`() throws {
    let server = RawServer { _, _ in }
    server.stop()
    let client = try makeClient()
    defer { client.stop() }
    let error = try client.failure(post(server.url()))
    #expect(error.code == "connect_failed")
    #expect(error.isRetryable && !error.mayHaveArrived && error.blamesDestination)
    #expect(error.message.contains("http://127.0.0.1:\(server.port)"))
  }

  @Test func `the name does not exist`() throws {
    let client = try makeClient()
    defer { client.stop() }
    let error = try client.failure(get("http://nowhere.example/"))
    #expect(error == .resolve(host: "nowhere.example", message: "no such name here"))
    #expect(error.isRetryable && !error.mayHaveArrived)
  }

  @Test func `the server accepts and says nothing`() throws {
    let error = try failure(timeout: .milliseconds(200)) { peer, _ in peer.waitForEnd() }
    #expect(error.code == "timeout")
    #expect(error.mayHaveArrived && error.isRetryable)
    #expect(error.message.contains("within 200ms"))
  }

  @Test func `the server drips its answer`() throws {
    let error = try failure(timeout: .milliseconds(300)) { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while peer.send("x") {}
    }
    #expect(["timeout", "garbled_answer"].contains(error.code))
    #expect(error.mayHaveArrived)
  }

  @Test func `the connection is reset after the request`() throws {
    let error = try failure { peer, _ in
      _ = peer.request()
      peer.reset()
    }
    #expect(error.code == "connection_lost")
    #expect(error.progress == .sent && error.isRetryable)
  }

  @Test func `the connection ends without an answer`() throws {
    let error = try failure { peer, _ in _ = peer.request() }
    #expect(error.code == "connection_lost")
    #expect(error.progress == .sent)
  }

  @Test func `a kept connection that ends without an answer is not tried again behind our back`() throws {
    let seen = SeenRequests()
    let server = RawServer { peer, number in
      guard let first = peer.request() else { return }
      seen.add(first)
      peer.answer()
      guard number == 1, let second = peer.request() else { return }
      seen.add(second)
    }
    let client = try makeClient()
    defer { client.stop() }
    #expect(try client.perform(post(server.url())).get().status == 200)
    let error = try client.failure(post(server.url()))
    #expect(error.code == "connection_lost")
    #expect(error.progress == .sentOnKeptConnection)
    #expect(seen.all.count == 2)
  }

  @Test(arguments: [
    "", "hello\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "<html>no status</html>",
    "HTTP/9.9 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX-A: b\u{0}c\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "HTTP/1.1 200 OK\r\nX-Cut: tr",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  ])
  func `a garbled or cut answer is an error of the network`(answer: String) throws {
    let error = try failure { peer, _ in
      _ = peer.request()
      peer.send(answer)
    }
    #expect(["garbled_answer", "connection_lost"].contains(error.code), "\(error)")
    #expect(error.isRetryable && error.mayHaveArrived)
  }

  @Test func `an answer over its bound is cut, and its connection closed`() throws {
    let closed = Latch()
    let error = try failure(maxAnswer: .kibibytes(64)) { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 200 OK\r\n\r\n")
      let flood = [UInt8](repeating: 65, count: 64 << 10)
      while peer.send(flood) {}
      closed.open()
    }
    #expect(error.code == "answer_too_large")
    #expect(error.message.contains("64KiB"))
    #expect(error.isRetryable)
    closed.wait()
  }

  @Test func `an answer of exactly the bound is taken`() throws {
    let server = RawServer { peer, _ in peer.answerAll("200 OK", [], String(repeating: "x", count: 1000)) }
    let client = try makeClient()
    defer { client.stop() }
    var request = get(server.url())
    request.maxAnswer = ByteCount(1000)
    #expect(try client.perform(request).get().body.count == 1000)
    request.maxAnswer = ByteCount(999)
    #expect(client.code(request) == "answer_too_large")
  }

  @Test(arguments: [
    "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
  ])
  func `endless interim answers end at the bound of headers`(interim: String) throws {
    let error = try failure { peer, _ in
      _ = peer.request()
      while peer.send(interim) {}
    }
    #expect(error.code == "garbled_answer")
    #expect(error.message.contains("header lines"))
  }

  @Test(arguments: [
    "X-Fill: \(String(repeating: "y", count: 1000))\r\n", "X-Long: \(String(repeating: "y", count: 50_000))",
  ])
  func `two megabytes of headers end at the bound`(part: String) throws {
    let error = try failure { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 200 OK\r\n")
      while peer.send(part) {}
    }
    #expect(error.code == "garbled_answer")
  }

  @Test func `endless trailers end at the bound too`() throws {
    let error = try failure { peer, _ in
      _ = peer.request()
      peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
      while peer.send("X-Trailer: 1\r\n") {}
    }
    #expect(error.code == "garbled_answer")
  }

  @Test func `plain text on a TLS port is a TLS failure, before anything was sent`() throws {
    let server = RawServer { peer, _ in
      _ = peer.read()
      peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
    }
    let client = try makeClient()
    defer { client.stop() }
    let error = try client.failure(get("https://127.0.0.1:\(server.port)/"))
    #expect(error.code == "tls_failed")
    #expect(error.isRetryable && !error.mayHaveArrived)
  }

  @Test func `one bad server holds up no other`() throws {
    let silent = RawServer { peer, _ in peer.waitForEnd() }
    let good = RawServer { peer, _ in peer.answerAll() }
    let client = try makeClient()
    let results = Results()
    for _ in 0..<50 { client.start(post(silent.url()), completion: results.take) }
    for _ in 0..<20 { #expect(try client.perform(post(good.url())).get().status == 200) }
    #expect(results.all.isEmpty)
    client.stop()
    #expect(results.all.count == 50)
  }

  @Test func `more transfers than the bound are refused at once`() throws {
    let silent = RawServer { peer, _ in peer.waitForEnd() }
    let client = try makeClient { $0.mostTransfers = 2 }
    let results = Results()
    for _ in 0..<3 { client.start(get(silent.url()), completion: results.take) }
    #expect(throws: TransferError.overloaded("2 requests are under way already")) { try results.next().get() }
    client.stop()
  }

  @Test func `a timeout that is not positive is refused`() throws {
    let client = try makeClient()
    defer { client.stop() }
    #expect(client.code(get("http://127.0.0.1:1/", timeout: .zero)) == "bad_request")
  }
}
