import Glibc
import Testing

/// The real binary under a supervisor that speaks sd_notify.
@Suite(.timeLimit(.minutes(3)))
struct NotificationTests {
  @Test func `readiness, a reload and the end are told in order`() throws {
    let supervisor = try Supervisor()
    let installation = try Installation()
    let relay = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: supervisor.environment)
    defer { relay.signal(SIGKILL) }
    let ready = try supervisor.awaitMessage("READY=1")
    #expect(ready == "READY=1\nSTATUS=ready: hooks 1, workflows 0, generation 1")
    #expect(
      try Socket(port: installation.port).exchange("GET", "/readyz").status == 200,
      "whoever is told so can rely on it")

    try installation.folder.write(
      "workflows/a.json",
      #"{ "name": "a", "on": { "hook": "github" }, "steps": [ { "id": "s", "set": {} } ] }"#)
    relay.signal(SIGHUP)
    let reloading = try supervisor.awaitMessage("RELOADING=1").split(separator: "\n")
    #expect(reloading[1].hasPrefix("MONOTONIC_USEC="))
    #expect(
      try supervisor.awaitMessage("READY=1") == "READY=1\nSTATUS=ready: hooks 1, workflows 1, generation 2")

    try installation.folder.write("workflows/a.json", "{")
    relay.signal(SIGHUP)
    _ = try supervisor.awaitMessage("RELOADING=1")
    let refused = try supervisor.awaitMessage("READY=1")
    #expect(refused.contains("generation 2; the last change is refused: "), "\(refused)")

    relay.signal(SIGTERM)
    #expect(try supervisor.awaitMessage("STOPPING=1").contains("STATUS=draining\nEXTEND_TIMEOUT_USEC="))
    #expect(relay.wait() == 0)
  }

  @Test func `the watchdog is fed several times in its span`() throws {
    let supervisor = try Supervisor()
    let installation = try Installation()
    let relay = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: supervisor.environment.merging(["WATCHDOG_USEC": "2000000"]) { _, new in new })
    defer { relay.destroy() }
    _ = try supervisor.awaitMessage("READY=1")
    let begun = Installation.seconds()
    for _ in 0..<6 { _ = try supervisor.awaitMessage("WATCHDOG=1") }
    #expect(Installation.seconds() - begun < 6)
  }

  @Test func `a supervisor that is not there keeps nobody from working`() throws {
    let installation = try Installation()
    let relay = try installation.start(environment: ["NOTIFY_SOCKET": "/nowhere/at/all"])
    #expect(try installation.deliver("{}", id: "d-1").status == 202)
    #expect(
      try Installation.until {
        try installation.folder.read("relay.log").contains("the supervisor cannot be told")
      })
    relay.signal(SIGTERM)
    #expect(relay.wait() == 0)
  }
}

/// Whether strace is here and may trace: a container can forbid it.
private let canInjectDelays =
  unsafe system("strace -qq -o /dev/null -e inject=getppid:delay_enter=1 true 2>/dev/null") == 0

@Suite(.timeLimit(.minutes(3)), .enabled(if: canInjectDelays))
struct WatchdogTests {
  @Test func `a committer that hangs in a sync starves the watchdog`() throws {
    let supervisor = try Supervisor()
    let installation = try Installation()
    // Each sync of a commit takes six seconds from the 40th on: those before open the store and greet.
    let wrapper = [
      "/usr/bin/env", "strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e",
      "trace=fdatasync",
      "-e", "inject=fdatasync:delay_enter=6000000:when=40+",
    ]
    let relay = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: supervisor.environment.merging([
        "WATCHDOG_USEC": "800000", "PATH": "/usr/bin:/bin",
      ]) { _, new in new }, wrapper: wrapper)
    defer { relay.destroy() }
    _ = try supervisor.awaitMessage("READY=1")
    _ = try supervisor.awaitMessage("WATCHDOG=1")
    // Deliveries until one gets no answer: the committer hangs in its sync.
    let isStuck = Installation.until {
      guard let connection = try? Socket(port: installation.port, patience: 2) else { return false }
      let answer = try? connection.exchange(
        "POST", "/hooks/github",
        fields: Installation.signed(Array("{}".utf8), delivery: "d-\(Installation.seconds())"),
        body: Array("{}".utf8))
      return answer == nil
    }
    try #require(isStuck)
    // What was sent before is read; then silence for more than two spans.
    while supervisor.receive(within: 0) != nil {}
    #expect(supervisor.receive(within: 2000) == nil)
    #expect(!relay.hasEnded, "the process itself goes on: only the watchdog can tell")
  }
}
