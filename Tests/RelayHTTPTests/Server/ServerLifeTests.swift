import Glibc
import RelayHTTP
import RelayModel
import Testing

@Suite struct ServerLifeTests {
  @Test func `a drain answers what is there, closes what is idle, and accepts nothing`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(loops: 2, responder: responder)
    let busy = try bed.client()
    try busy.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    let held = try #require(responder.take())
    let idle = try bed.client()
    try idle.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
    try #require(responder.take()).answer(HTTPResponse(status: 200))
    #expect(try idle.readAnswer().status == 200)

    #expect(!bed.server.drain(within: .milliseconds(200)), "a request still waits")
    #expect(try idle.readToEnd().isEmpty)
    #expect(throws: RawClient.Failure.self) { try bed.client() }
    held.answer(HTTPResponse(status: 202))
    let answer = try busy.readAnswer()
    #expect(answer.status == 202)
    #expect(answer.isClosing)
    #expect(try busy.readToEnd().isEmpty)
    #expect(bed.server.drain(within: .seconds(10)))
  }

  @Test func `a request that is on its way when the drain begins is answered`() throws {
    let bed = try ServerBed()
    let client = try bed.client()
    try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
    #expect(!bed.server.drain(within: .milliseconds(200)))
    try client.send("llo")
    let answer = try client.readAnswer()
    #expect(answer.body == "POST /a hello")
    #expect(answer.isClosing)
    #expect(bed.server.drain(within: .seconds(10)))
  }

  @Test func `a stop answers 503 to what still waits, and a later answer is dropped`() throws {
    let responder = HoldingResponder()
    let bed = try ServerBed(loops: 2, responder: responder)
    let clients = try (0..<20).map { _ in try bed.client() }
    for client in clients { try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n") }
    let held = try clients.map { _ in try #require(responder.take()) }
    bed.server.stop()
    for exchange in held { exchange.answer(HTTPResponse(status: 202)) }
    for client in clients {
      #expect(try client.readAnswer().status == 503)
      #expect(try client.readToEnd().isEmpty)
    }
    #expect(bed.server.counters.open == 0)
  }

  @Test func `a server that never started, and one that was stopped, stop again`() throws {
    let configuration = ServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0))
    let idle = HTTPServer(configuration, responder: HoldingResponder(), time: MachineTime())
    #expect(idle.drain(within: .zero))
    idle.stop()
    let bed = try ServerBed()
    bed.server.stop()
    bed.server.stop()
  }

  @Test func `an address that is taken is refused by name`() throws {
    let bed = try ServerBed()
    #expect(throws: ServerError.addressInUse(bed.address)) { try ServerBed(listen: bed.address) }
  }

  @Test func `an address that is not ours is refused with the reason`() throws {
    #expect(throws: ServerError.self) { try ServerBed(listen: .tcp(host: "192.0.2.1", port: 0)) }
    do {
      _ = try ServerBed(listen: .tcp(host: "no such host", port: 0))
      Issue.record("it listens")
    } catch {
      #expect("\(error)".contains("no such host:0"))
    }
  }

  @Test(arguments: ["::1", "localhost", "0.0.0.0", "::"])
  func `any spelling of a local address can be listened on`(host: String) throws {
    let bed = try ServerBed(listen: .tcp(host: host, port: 0))
    guard case .tcp(let bound, let port) = bed.address else { return }
    #expect(bound == host)
    #expect(port != 0)
    guard host != "::1", host != "localhost" else { return }
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
    #expect(bed.seen.requests.first?.client == "127.0.0.1")
  }
}

@Suite struct UnixSocketTests {
  private static func temporaryPath() -> String {
    var template = Array("/tmp/petrel-test-XXXXXX".utf8CString)
    _ = unsafe mkdtemp(&template)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/s"
  }

  private func remove(_ path: String) {
    unsafe unlink(path)
    unsafe rmdir(String(path.dropLast(2)))
  }

  /// Answers with the peer's user.
  struct UserResponder: Responder {
    func admit(_ head: borrowing RequestHead) -> Admission {
      head.peerUserID == nil
        ? .answer(.problem(status: 403, code: "denied", title: "Denied")) : .receive(limit: .kibibytes(1))
    }

    func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse? {
      HTTPResponse(
        status: 200, contentType: "text/plain",
        body: Array("\(request.client) \(exchange.peerUserID.map(String.init) ?? "nobody")".utf8))
    }
  }

  @Test func `a unix socket names its peer's user and is closed to others`() throws {
    let path = Self.temporaryPath()
    defer { remove(path) }
    let bed = try ServerBed(listen: .unix(path: path), responder: UserResponder())
    var status = stat()
    unsafe stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    let client = try bed.client()
    for _ in 0..<3 {
      try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.readAnswer().body == "unix \(getuid())")
    }
    bed.server.stop()
    #expect(unsafe access(path, F_OK) != 0, "the socket goes with its server")
  }

  @Test func `TCP has no user`() throws {
    let bed = try ServerBed(responder: UserResponder())
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 403)
  }

  @Test func `a socket that a dead process left is replaced, and one that is served is not`() throws {
    let path = Self.temporaryPath()
    defer { remove(path) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    _ = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    close(descriptor)
    let bed = try ServerBed(listen: .unix(path: path), responder: UserResponder())
    #expect(throws: ServerError.addressInUse(.unix(path: path))) { try ServerBed(listen: .unix(path: path)) }
    let client = try bed.client()
    try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.readAnswer().status == 200)
  }

  @Test func `a path that is too long is refused with the reason`() throws {
    let path = "/tmp/" + String(repeating: "a", count: 200)
    do {
      _ = try ServerBed(listen: .unix(path: path))
      Issue.record("it listens")
    } catch {
      #expect("\(error)".contains("107 bytes"))
    }
  }
}
