import RelayHTTP
import RelayModel
import Testing

@Suite struct ServerConnectionLimitTests {
  private func limits(_ connections: Int, perAddress: Int? = nil) -> ServerLimits {
    var limits = ServerLimits()
    limits.connections = connections
    limits.perAddressConnections = perAddress ?? connections
    return limits
  }

  private func ask(_ client: RawClient) throws -> Int {
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    return try client.readAnswer().status
  }

  @Test func `at the limit the connection that is idle longest makes room`() throws {
    let bed = try ServerBed(limits: limits(4))
    let idle = try bed.client()
    #expect(try ask(idle) == 200)
    let others = try (0..<3).map { _ in try bed.client() }
    for other in others { #expect(try ask(other) == 200) }
    let newcomer = try bed.client()
    #expect(try ask(newcomer) == 200)
    #expect(try idle.readToEnd().isEmpty)
    bed.server.stop()
    #expect(bed.server.counters.shed >= 1)
    #expect(bed.server.counters.turnedAway == 0)
  }

  @Test func `where all are busy a new connection is turned away, and none that works is harmed`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(limits: limits(3), responder: responder)
    let busy = try (0..<3).map { _ in try bed.client() }
    for client in busy { try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n") }
    let held = try busy.map { _ in try #require(responder.take()) }
    let refused = try bed.client()
    try refused.waitForEnd()
    for exchange in held { exchange.answer(HTTPResponse(status: 202)) }
    for client in busy { #expect(try client.readAnswer().status == 202) }
    bed.server.stop()
    #expect(bed.server.counters.turnedAway == 1)
  }

  @Test func `one address has a share, and its own idlest connection makes room`() throws {
    let bed = try ServerBed(limits: limits(100, perAddress: 2))
    let first = try bed.client()
    #expect(try ask(first) == 200)
    let second = try bed.client()
    #expect(try ask(second) == 200)
    let third = try bed.client()
    #expect(try ask(third) == 200)
    #expect(try first.readToEnd().isEmpty)
    #expect(try ask(second) == 200)
  }

  @Test func `a flood of idle connections leaves a valid request its answer`() throws {
    allowManyDescriptors()
    let bed = try ServerBed(loops: 2, limits: limits(100))
    var flood: [RawClient] = []
    for _ in 0..<400 { flood.append(try bed.client()) }
    let start = MachineTime().elapsed()
    #expect(try ask(bed.client()) == 200)
    #expect(MachineTime().elapsed() - start < .seconds(1))
    bed.server.stop()
    #expect(bed.server.counters.shed >= 300)
    #expect(bed.server.counters.turnedAway == 0)
  }

  @Test func `where all wait for a body that does not come, the oldest of them makes room`() throws {
    struct Counting: Responder {
      let admitted = AsyncSignal()

      func admit(_ head: borrowing RequestHead) -> Admission {
        admitted.raise()
        return .receive(limit: .kibibytes(1))
      }

      func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
        HTTPResponse(status: 200)
      }
    }
    let responder = Counting()
    let bed = try ServerBed(limits: limits(2), responder: responder)
    let slow = try (0..<2).map { _ in try bed.client() }
    for client in slow {
      try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
      #expect(responder.admitted.wait(seconds: 20))
    }
    let early = try bed.client()
    try early.waitForEnd()
    slow[0].setTimeout(milliseconds: 2300)
    #expect(throws: RawClient.Failure.self) { try slow[0].readToEnd() }
    #expect(try ask(bed.client()) == 200)
    bed.server.stop()
    #expect(bed.server.counters.turnedAway == 1)
    #expect(bed.server.counters.shed >= 1)
  }

  @Test func `connections that end are counted off`() throws {
    let bed = try ServerBed(limits: limits(8))
    for _ in 0..<100 {
      let client = try bed.client()
      try client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(try client.readToEnd().hasPrefix("HTTP/1.1 200 "))
    }
    bed.server.stop()
    #expect(bed.server.counters.accepted == 100)
    #expect(bed.server.counters.open == 0)
    #expect(bed.server.counters.turnedAway == 0)
  }
}
