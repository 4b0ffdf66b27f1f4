import Glibc
import RelayDocuments
import Testing

/// Whether strace is here and may trace: a container can forbid it.
private let canInjectFaults =
  unsafe system("strace -qq -o /dev/null -e inject=getppid:error=EIO true 2>/dev/null") == 0

/// A disk that fails under the real binary: strace gives its system calls the error.
@Suite(.timeLimit(.minutes(2)), .enabled(if: canInjectFaults))
struct DiskFaultTests {
  /// The first calls of each thread succeed: those that open the store, and the 257 that write zeros ahead of it.
  private static func failing(_ call: String, _ error: String, when: String) -> [String] {
    [
      "strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
      "inject=\(call):error=\(error):when=\(when)",
    ].wrapped
  }

  @Test(arguments: [("fdatasync", "EIO"), ("pwrite64", "EIO")])
  func `a commit that meets an I/O error is answered 503, ends the process, and loses nothing`(
    call: String, error: String
  ) throws {
    let installation = try Installation()
    let relay = try installation.start(
      environment: Self.environment,
      wrapper: Self.failing(call, error, when: call == "pwrite64" ? "300+" : "60+"))
    var accepted: [String] = []
    var refusal: Message?
    for number in 0..<400 where refusal == nil {
      let answer = try installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)")
      if answer.status == 202 { accepted.append("d-\(number)") } else { refusal = answer }
    }
    let refused = try #require(refusal, "no commit met the error")
    #expect(refused.status == 503)
    try AttackedRelay.expectProblem(refused, "store_failed")
    defer { relay.signal(SIGKILL) }
    try #require(Installation.until { relay.hasEnded }, "it goes on although the disk fails")
    let status = relay.wait()
    #expect(status > 0, "it ends by itself, and says that it failed: \(status)")
    let log = try installation.folder.read("relay.log")
    #expect(log.contains("Input/output error"), "\(log.suffix(2000))")

    let again = try installation.start()
    defer { again.destroy() }
    for id in accepted {
      let number = id.dropFirst(2)
      #expect(try installation.deliver(#"{"n":\#(number)}"#, id: id).status == 200, "\(id) was answered 202")
    }
    #expect(
      [200, 202].contains(
        try installation.deliver(#"{"n":\#(accepted.count)}"#, id: "d-\(accepted.count)").status))
  }

  @Test func `a disk that fails while nobody sends anything ends the process`() throws {
    let installation = try Installation()
    let relay = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/relay.log",
      environment: Self.environment, wrapper: Self.failing("pwrite64", "EIO", when: "20+"))
    defer { relay.signal(SIGKILL) }
    try #require(Installation.until { relay.hasEnded }, "it goes on although the disk fails")
    #expect(relay.wait() == 74)
    let log = try installation.folder.read("relay.log")
    #expect(log.contains("Input/output error"), "\(log.suffix(2000))")
  }

  @Test func `a full disk is answered 503 for as long as it lasts, and the relay goes on by itself`() throws {
    let installation = try Installation()
    let relay = try installation.start(
      environment: Self.environment, wrapper: Self.failing("pwrite64,pwritev", "ENOSPC", when: "60..75"))
    defer { relay.destroy() }
    var statuses: [Int] = []
    var accepted: [Int] = []
    for number in 0..<400 where !(statuses.contains(503) && statuses.suffix(5) == [202, 202, 202, 202, 202]) {
      let answer = try installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)")
      statuses.append(answer.status)
      if answer.status == 202 { accepted.append(number) }
      if answer.status == 503 { try AttackedRelay.expectProblem(answer, "disk_full") }
    }
    #expect(Set(statuses) == [202, 503])
    #expect(statuses.last == 202)
    for number in accepted {
      #expect(try installation.deliver(#"{"n":\#(number)}"#, id: "d-\(number)").status == 200)
    }
  }

  /// strace finds itself, and what it runs, by the path.
  private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
}

extension [String] {
  /// As the wrapper of a process, whose first word is a file.
  fileprivate var wrapped: [String] { ["/usr/bin/env"] + self }
}
