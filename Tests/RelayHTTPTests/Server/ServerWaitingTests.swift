import Glibc
import RelayHTTP
import RelayModel
import Testing

/// Requests that wait for their answer: asked for at first, suspended when it takes long.
@Suite struct ServerWaitingTests {
  private static let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

  /// Has one request answered on a connection of its own, so that the loop goes on for a few turns.
  private func exchange(_ client: RawClient, _ responder: HoldingResponder) throws {
    try client.send(Self.request)
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
  }

  @Test(arguments: [0, 1, 40])
  func `a request is answered however many others were answered while it waited`(others: Int) throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let waiting = try bed.client()
    let client = try bed.client()
    for _ in 0..<3 {
      try waiting.send(Self.request)
      let held = try #require(responder.take())
      for _ in 0..<others { try exchange(client, responder) }
      held.answer(HTTPResponse(status: 201))
      #expect(try waiting.readAnswer().status == 201)
    }
    bed.server.stop()
    #expect(bed.server.counters.waiting == 0)
  }

  @Test func `a body that comes in many pieces arrives while another request waits`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let waiting = try bed.client()
    try waiting.send(Self.request)
    let held = try #require(responder.take())
    let client = try bed.client()
    let body = [UInt8](repeating: 120, count: 4 << 20)
    try client.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
    try client.send(body)
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
    held.answer(HTTPResponse(status: 202))
    #expect(try waiting.readAnswer().status == 202)
  }

  @Test func `a head that comes in many pieces arrives while another request waits`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let waiting = try bed.client()
    try waiting.send(Self.request)
    let held = try #require(responder.take())
    let client = try bed.client()
    let padding = String(repeating: "x", count: 15_000)
    try client.send("GET /b HTTP/1.1\r\nHost: a\r\nPadding: \(padding)\r\n\r\n")
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
    held.answer(HTTPResponse(status: 202))
    #expect(try waiting.readAnswer().status == 202)
  }

  @Test func `what a client sends behind a request that waits is read after its answer`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let client = try bed.client()
    try client.send(Self.request)
    let first = try #require(responder.take())
    try client.send(Self.request)
    try exchange(try bed.client(), responder)
    #expect(responder.count == 0)
    first.answer(HTTPResponse(status: 201))
    #expect(try client.readAnswer().status == 201)
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
  }

  @Test(arguments: [0, 40])
  func `a client that breaks its connection while it waits is not counted as waiting`(others: Int) throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let client = try bed.client()
    var held: Exchange?
    do {
      let leaving = try bed.client()
      try leaving.send(Self.request)
      held = responder.take()
      for _ in 0..<others { try exchange(client, responder) }
      // A reset instead of an end.
      var linger = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(
        leaving.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
    try exchange(client, responder)
    held?.answer(HTTPResponse(status: 202))
    held = nil
    try exchange(client, responder)
    bed.server.stop()
    #expect(bed.server.counters.waiting == 0)
  }
}
