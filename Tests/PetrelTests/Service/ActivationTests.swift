import Glibc
import RelayDocuments
import Testing

/// The real binary on sockets that somebody else listens on.
@Suite(.timeLimit(.minutes(3)))
struct ActivationTests {
  private static func start(
    _ installation: Installation, _ sockets: [ActivationSocket], _ environment: [String: String]
  ) throws -> RelayProcess {
    try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: environment, wrapper: ActivationSocket.wrapper, descriptors: sockets.map(\.descriptor))
  }

  @Test func `hooks and the admin interface are served on the sockets of their names`() throws {
    let installation = try Installation()
    let (admin, hooks) = (try ActivationSocket(), try ActivationSocket())
    let relay = try Self.start(
      installation, [admin, hooks], ActivationSocket.environment("admin", "hooks"))
    defer { relay.destroy() }
    let body = Array("{}".utf8)
    let answer = try Socket(port: hooks.port).exchange(
      "POST", "/hooks/github", fields: Installation.signed(body, delivery: "d-1"), body: body)
    #expect(answer.status == 202)
    let status = try JSON.parse(Socket(port: admin.port).exchange("GET", "/api/status").body)
    #expect(status["listen"]?.string == "127.0.0.1:\(hooks.port)")
    #expect(throws: Socket.Failure.self, "the configured port is not bound") {
      try Socket(port: installation.port)
    }
    #expect(throws: Socket.Failure.self) { try Socket(port: installation.adminPort) }
  }

  @Test func `a delivery that comes while no relay runs is answered by the next one`() throws {
    let installation = try Installation()
    let hooks = try ActivationSocket()
    let environment = ActivationSocket.environment("hooks")
    let body = Array("{}".utf8)
    for number in 0..<3 {
      let waiting = try Socket(port: hooks.port)
      let fields = try Installation.signed(body, delivery: "d-\(number)")
      var head = "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
      for (name, value) in fields { head += "\(name): \(value)\r\n" }
      try waiting.send(Array((head + "\r\n").utf8) + body)
      let relay = try Self.start(installation, [hooks], environment)
      #expect(try waiting.receiveMessage().status == 202)
      relay.signal(SIGTERM)
      #expect(relay.wait() == 0)
    }
  }

  @Test func `an open socket does not get round what holds for an open listener`() throws {
    let installation = try Installation()
    let relay = try Self.start(
      installation, [try ActivationSocket(address: 0)], ActivationSocket.environment("hooks"))
    #expect(relay.wait() == 78)
    let log = try installation.folder.read("relay.log")
    #expect(log.contains("admin.auth: none is refused while a listener is not loopback"), "\(log)")
  }

  @Test func `sockets of which it is unclear whose they are stop the start`() throws {
    let installation = try Installation()
    let relay = try Self.start(
      installation, [try ActivationSocket(), try ActivationSocket()],
      ActivationSocket.environment("hooks", "metrics"))
    #expect(relay.wait() == 78)
    #expect(try installation.folder.read("relay.log").contains("named hooks, metrics"))
  }

  @Test func `what is handed over and listens on nothing stops the start`() throws {
    let installation = try Installation()
    let file = unsafe open("/dev/null", O_RDONLY)
    defer { close(file) }
    let relay = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: ActivationSocket.environment("hooks"), wrapper: ActivationSocket.wrapper,
      descriptors: [file])
    #expect(relay.wait() == 78)
    #expect(
      try installation.folder.read("relay.log").contains("the inherited descriptor 3 cannot be served on"))
  }
}
