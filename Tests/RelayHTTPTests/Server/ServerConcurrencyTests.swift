import Glibc
import RelayHTTP
import RelayModel
import Synchronization
import Testing

@Suite struct ServerConcurrencyTests {
  /// Runs `body` on a thread of its own.
  private func onThread(_ body: @escaping @Sendable () -> Void) {
    let context = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        }
        return nil
      }, context)
    pthread_detach(thread)
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// libmicrohttpd's own loop stands still after exactly 128 (256, …) events at once.
  @Test(arguments: [1, 127, 128, 129, 256, 512], [1, 2])
  func `any number of connections that are ready at once is served`(count: Int, loops: Int) throws {
    allowManyDescriptors()
    let bed = try ServerBed(loops: loops)
    let clients = try (0..<count).map { _ in try bed.client() }
    for round in 0..<5 {
      for client in clients {
        try client.send("POST /\(round) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
      }
      for client in clients { #expect(try client.readAnswer().body == "POST /\(round) ok") }
    }
    bed.server.stop()
    #expect(bed.server.counters.requests == count * 5)
  }

  @Test(arguments: [1, 128, 256], [1, 2])
  func `requests that all wait are answered in one batch by another thread`(count: Int, loops: Int) throws {
    allowManyDescriptors()
    let responder = HoldingResponder()
    let bed = try ServerBed(loops: loops, responder: responder)
    let clients = try (0..<count).map { _ in try bed.client() }
    for _ in 0..<5 {
      for client in clients { try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n") }
      let held = try (0..<count).map { _ in try #require(responder.take()) }
      onThread { for exchange in held { exchange.answer(HTTPResponse(status: 202)) } }
      for client in clients { #expect(try client.readAnswer().status == 202) }
    }
  }

  @Test func `an answer that comes before the hand-over returns is not lost`() throws {
    struct Hasty: Responder {
      func admit(_ head: borrowing RequestHead) -> Admission { .receive(limit: .kibibytes(1)) }
      func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
        exchange.answer(HTTPResponse(status: 201))
        return nil
      }
    }
    let bed = try ServerBed(responder: Hasty())
    let client = try bed.client()
    for _ in 0..<100 {
      try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.readAnswer().status == 201)
    }
  }

  @Test func `a request whose exchange is dropped is answered 503`() throws {
    struct Forgetful: Responder {
      func admit(_ head: borrowing RequestHead) -> Admission { .receive(limit: .kibibytes(1)) }
      func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? { nil }
    }
    let bed = try ServerBed(responder: Forgetful())
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 503)
  }

  @Test func `a client that leaves while its request waits harms nobody`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    do {
      let leaving = try bed.client()
      try leaving.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    }
    let held = try #require(responder.take())
    let staying = try bed.client()
    try staying.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
    let other = try #require(responder.take())
    held.answer(HTTPResponse(status: 202))
    other.answer(HTTPResponse(status: 202))
    #expect(try staying.readAnswer().status == 202)
  }

  @Test func `a client that has said all and waits is answered`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(responder: responder)
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
    client.finishSending()
    try #require(responder.take()).answer(HTTPResponse(status: 202))
    #expect(try client.readAnswer().status == 202)
    #expect(try client.readToEnd().isEmpty)
  }

  @Test func `connections are shared out evenly among the loops`() throws {
    let responder = HoldingResponder()
    var limits = ServerLimits()
    limits.connections = 20
    limits.perAddressConnections = 20
    let bed = try ServerBed(loops: 2, limits: limits, responder: responder)
    // Were they not, one loop's half would be full before the twentieth.
    let clients = try (0..<20).map { _ in try bed.client() }
    for client in clients { try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n") }
    for _ in clients { try #require(responder.take()).answer(HTTPResponse(status: 202)) }
    for client in clients { #expect(try client.readAnswer().status == 202) }
  }

  @Test func `a large answer reaches a client that reads late`() throws {
    struct Large: Responder {
      func admit(_ head: borrowing RequestHead) -> Admission { .receive(limit: .kibibytes(1)) }
      func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
        HTTPResponse(status: 200, contentType: "text/plain", body: [UInt8](repeating: 120, count: 20 << 20))
      }
    }
    let bed = try ServerBed(responder: Large())
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    let other = try bed.client()
    try other.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try other.readAnswer(hasBody: false).status == 200)
    #expect(try client.readAnswer().body.utf8.count == 20 << 20)
  }
}

/// Both ends of every connection are in this process.
func allowManyDescriptors() {
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(7), &limit)
  limit.rlim_cur = limit.rlim_max
  unsafe setrlimit(__rlimit_resource_t(7), &limit)
}
