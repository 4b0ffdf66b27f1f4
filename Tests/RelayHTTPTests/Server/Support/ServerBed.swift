import RelayHTTP
import RelayModel
import Synchronization

/// A running server with a responder that a test dictates; stopped at the end of the test.
final class ServerBed {
  let server: HTTPServer
  let address: ListenAddress
  let seen: Seen

  init(
    listen: ListenAddress = .tcp(host: "127.0.0.1", port: 0), tls: TLSIdentity? = nil, loops: Int = 1,
    limits: ServerLimits = ServerLimits(), responder: (any Responder)? = nil,
    inherited: InheritedSocket? = nil
  ) throws {
    seen = Seen()
    var configuration = ServerConfiguration(listen: listen, tls: tls, loops: loops, limits: limits)
    configuration.inherited = inherited
    server = HTTPServer(configuration, responder: responder ?? EchoResponder(seen: seen), time: MachineTime())
    address = try server.start()
  }

  deinit { server.stop() }

  func client() throws -> RawClient { try RawClient(address) }

  /// Sends `bytes` on a connection of its own and returns all that comes back until it ends.
  func exchange(_ bytes: [UInt8]) throws -> String {
    let client = try client()
    try client.send(bytes)
    return try client.readToEnd()
  }

  func exchange(_ text: String) throws -> String { try exchange(Array(text.utf8)) }
}

/// What a responder has been given.
final class Seen: Sendable {
  private let all = Mutex<[IncomingRequest]>([])

  var requests: [IncomingRequest] { all.withLock { $0 } }

  func add(_ request: IncomingRequest) { all.withLock { $0.append(request) } }
}

/// Answers 200 with what it was sent; `/large` may carry more, `/refused` nothing.
struct EchoResponder: Responder {
  let seen: Seen

  func admit(_ head: borrowing RequestHead) -> Admission {
    switch head.path {
    case "/refused": .answer(.problem(status: 404, code: "unknown_source", title: "No such hook"))
    case "/large": .receive(limit: .mebibytes(8))
    default: .receive(limit: .kibibytes(64))
    }
  }

  func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
    seen.add(request)
    return HTTPResponse(
      status: 200, contentType: "text/plain",
      body: Array("\(request.method) \(request.target) ".utf8) + request.body.prefix(1024))
  }
}

/// Keeps every exchange for the test to answer.
final class HoldingResponder: Responder {
  private let held = Mutex<[Exchange]>([])
  private let arrivals = AsyncSignal()

  func admit(_ head: borrowing RequestHead) -> Admission { .receive(limit: .mebibytes(8)) }

  func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
    held.withLock { $0.append(exchange) }
    arrivals.raise()
    return nil
  }

  /// Waits for the next request and takes it.
  func take() -> Exchange? {
    guard arrivals.wait(seconds: 20) else { return nil }
    return held.withLock { $0.removeFirst() }
  }

  var count: Int { held.withLock { $0.count } }
}
