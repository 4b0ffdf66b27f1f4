import Glibc
import RelayDocuments
import Testing

/// H1, H2: senders that take their time, and more of them than there is room for.
@Suite(.timeLimit(.minutes(1))) struct SlowAttackTests {
  static let beginnings: [(String, String)] = [
    ("a head that stops", "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
    ("a body that stops", "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nx"),
    (
      "a chunk that stops",
      "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nx"
    ),
  ]

  @Test(arguments: beginnings)
  func `a request that comes by the byte ends with 408 at the configured instant`(what: String, text: String)
    throws
  {
    let relay = try AttackedRelay.shared.get()
    let socket = try Socket(port: relay.installation.port, patience: 10)
    try socket.send(Array(text.utf8))
    let start = Installation.seconds()
    while Installation.seconds() - start < 0.8 {
      try socket.send([UInt8(ascii: "x")])
      poll(nil, 0, 100)
    }
    #expect(try relay.servesOthers())
    let answer = try socket.receiveToEnd()
    let message = try #require(Message(answer: answer), "\(what) is answered")
    #expect(message.status == 408)
    try AttackedRelay.expectProblem(message, "request_timeout")
    #expect(Installation.seconds() - start < 5)
  }

  @Test func `a flood of connections that say nothing keeps nobody out`() throws {
    let relay = try AttackedRelay()
    defer { relay.end() }
    let before = try Footprint(relay.process).descriptors
    var idle: [Socket] = []
    for _ in 0..<300 { idle.append(try Socket(port: relay.installation.port)) }
    #expect(try relay.servesOthers())
    for socket in idle.suffix(40) {
      try? socket.send(Array("POST /hooks/github HTTP/1.1\r\nHost: a\r\n".utf8))
    }
    #expect(try relay.servesOthers())
    #expect(try relay.admin("/api/status").status == 200)
    #expect(try Footprint(relay.process).descriptors <= before + 64 + 8)
  }

  /// Starts what it is given with few descriptors, and without those that the tests have open.
  private static let frugal = """
    for file in /proc/$$/fd/*; do number=${file##*/}; ((number > 2)) && exec {number}>&-; done
    ulimit -n 64; exec "$0" "$@"
    """

  @Test func `with few descriptors the relay says so, holds fewer connections, and serves`() throws {
    let installation = try Installation()
    let process = try installation.start(wrapper: ["/bin/bash", "-c", Self.frugal])
    defer { process.destroy() }
    #expect(try installation.folder.read("relay.log").contains("connections"))
    var idle: [Socket] = []
    for _ in 0..<200 { idle.append(try Socket(port: installation.port)) }
    let start = Installation.seconds()
    #expect(try installation.deliver("{}", id: "1").status == 202)
    #expect(Installation.seconds() - start < 3)
    #expect(try installation.admin("/api/status")["backlog"] != nil)
    idle.removeAll()
  }
}
