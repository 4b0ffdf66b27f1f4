import RelayHTTP
import RelayModel
import Testing

@Suite struct ServerDeadlineTests {
  private func bed(_ change: (inout ServerLimits) -> Void = { _ in }) throws -> ServerBed {
    var limits = ServerLimits()
    limits.requestTimeout = .milliseconds(600)
    limits.headTimeout = .milliseconds(600)
    limits.idleTimeout = .seconds(30)
    change(&limits)
    return try ServerBed(limits: limits)
  }

  /// Sends `text` a byte at a time, each as soon as the server has had time to read the last, until the server
  /// ends the connection. Returns what it said.
  private func drip(_ client: RawClient, _ text: String) throws -> String {
    client.setTimeout(milliseconds: 40)
    for byte in Array(text.utf8) {
      do { try client.send([byte]) } catch { break }
      do { return try client.readToEnd() } catch RawClient.Failure.timedOut {}
    }
    client.setTimeout(milliseconds: 10_000)
    return try client.readToEnd()
  }

  @Test func `a head that comes by the byte ends with 408 at the deadline`() throws {
    let bed = try bed()
    let start = MachineTime().elapsed()
    let text = try drip(bed.client(), "GET /" + String(repeating: "a", count: 1000))
    #expect(text.hasPrefix("HTTP/1.1 408 "))
    #expect(text.contains("\"code\":\"request_timeout\""))
    #expect((.milliseconds(400)...(.seconds(3))).contains(MachineTime().elapsed() - start))
    bed.server.stop()
    #expect(bed.server.counters.tooSlow == 1)
  }

  @Test func `fields that come by the byte end with 408 at the deadline`() throws {
    let bed = try bed()
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\n")
    #expect(try drip(client, "X: " + String(repeating: "a", count: 1000)).hasPrefix("HTTP/1.1 408 "))
  }

  @Test(arguments: [
    "GET /a HT", "GET /a HTTP/1.1\r\nX: y", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
  ])
  func `a request that its client has left in the middle is given up long before its deadline`(text: String)
    throws
  {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send(text)
    client.finishSending()
    let start = MachineTime().elapsed()
    try client.waitForEnd()
    #expect(MachineTime().elapsed() - start < .seconds(4))
    bed.server.stop()
    #expect(bed.seen.requests.isEmpty)
    #expect(bed.server.counters.tooSlow == 0)
  }

  @Test func `a head that stalls ends with 408`() throws {
    let bed = try bed()
    let client = try bed.client()
    try client.send("GET /a HT")
    #expect(try client.readToEnd().hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `a head that stalls behind a request that was answered ends with 408`() throws {
    let bed = try bed()
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
    client.setTimeout(milliseconds: 100)
    #expect(throws: RawClient.Failure.self) { try client.readToEnd() }
    client.setTimeout(milliseconds: 10_000)
    try client.send("GET /b HT")
    #expect(try client.readToEnd().hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `a body that comes by the byte ends with 408, and the responder never sees it`() throws {
    let bed = try bed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    #expect(try drip(client, String(repeating: "a", count: 1000)).hasPrefix("HTTP/1.1 408 "))
    #expect(bed.seen.requests.isEmpty)
    #expect(bed.server.inflightBytes == 0)
  }

  @Test func `a chunk that stalls ends with 408`() throws {
    let bed = try bed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")
    #expect(try client.readToEnd().hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `a body slower than the floor ends before a long deadline`() throws {
    let bed = try bed {
      $0.requestTimeout = .seconds(60)
      $0.slowestBodyGrace = .milliseconds(300)
    }
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
    #expect(try client.readToEnd().hasPrefix("HTTP/1.1 408 "))
  }

  @Test func `a connection without a request is closed without a word`() throws {
    let bed = try bed { $0.idleTimeout = .milliseconds(300) }
    #expect(try bed.client().readToEnd().isEmpty)
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
    #expect(try client.readToEnd().isEmpty)
    bed.server.stop()
    #expect(bed.server.counters.idleClosed == 2)
  }

  @Test func `an idle connection outlives the deadline of a request`() throws {
    let bed = try bed()
    let client = try bed.client()
    client.setTimeout(milliseconds: 1500)
    #expect(throws: RawClient.Failure.self) { try client.readToEnd() }
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
  }

  @Test func `a request that waits for its answer has no deadline here`() throws {
    let responder = HoldingResponder()
    var limits = ServerLimits()
    limits.requestTimeout = .milliseconds(200)
    let bed = try ServerBed(limits: limits, responder: responder)
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    let held = try #require(responder.take())
    client.setTimeout(milliseconds: 800)
    #expect(throws: RawClient.Failure.self) { try client.readToEnd() }
    held.answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
  }

  @Test func `slow connections cost the others nothing`() throws {
    let bed = try bed()
    var slow: [RawClient] = []
    for number in 0..<300 {
      let client = try bed.client()
      try client.send(
        number % 2 == 0
          ? "GET /a HT" : "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
      slow.append(client)
    }
    let client = try bed.client()
    for _ in 0..<100 {
      try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.readAnswer().status == 200)
    }
    for client in slow { try client.waitForEnd() }
    bed.server.stop()
    #expect(bed.server.counters.tooSlow == 300)
  }
}
