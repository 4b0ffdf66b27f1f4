import Glibc
import RelayService
import Testing

@Suite struct NotifySocketTests {
  @Test func `a message goes to a path, and to an abstract name`() throws {
    let folder = try TemporaryFolder()
    for name in ["\(folder.path)/notify", "@petrel-test-\(getpid())-\(UInt64.random(in: .min ... .max))"] {
      let supervisor = try DatagramSocket(name)
      let socket = try #require(try NotifySocket(environment: ["NOTIFY_SOCKET": name]))
      try socket.send(.alive)
      #expect(supervisor.receive() == "WATCHDOG=1")
    }
  }

  @Test(arguments: [[:], ["NOTIFY_SOCKET": ""]])
  func `nobody is told where nobody asks for it`(environment: [String: String]) throws {
    #expect(try NotifySocket(environment: environment) == nil)
  }

  @Test(arguments: ["vsock:2:1", "relative/path", "/" + String(repeating: "a", count: 200)])
  func `a name that is no unix socket's is refused`(name: String) {
    #expect(throws: NotifySocket.Failure.self) { try NotifySocket(name) }
  }

  @Test func `a supervisor that is gone is an error that names its socket`() throws {
    let socket = try NotifySocket("/nowhere/at/all")
    do {
      try socket.send(.alive)
      Issue.record("it was sent")
    } catch {
      #expect(error.description.contains("/nowhere/at/all"))
    }
  }

  @Test func `each notice is written as sd_notify has it`() {
    let expected: [(ServiceNotice, String)] = [
      (.ready("two hooks"), "READY=1\nSTATUS=two hooks"),
      (.status("a\nb\r\nREADY=1"), "STATUS=a b READY=1"),
      (.alive, "WATCHDOG=1"),
      (
        .reloading(monotonic: .microseconds(1_234_567)),
        "RELOADING=1\nMONOTONIC_USEC=1234567\nSTATUS=reloading"
      ),
      (.stopping(patience: .seconds(45)), "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=45000000"),
      (.waiting("full", patience: .seconds(2)), "STATUS=full\nEXTEND_TIMEOUT_USEC=2000000"),
    ]
    for (notice, text) in expected { #expect(notice.text == text) }
    #expect(ServiceNotice.status(String(repeating: "a", count: 9999)).text.count < 500)
  }
}
