import Glibc
import RelayDocuments
import Testing

/// C1, C2: secrets are used, and seen nowhere.
@Suite(.timeLimit(.minutes(1))) struct SecretLeakTests {
  private static let secrets = [AttackedRelay.canary, Installation.secret]

  @Test func `a secret reaches its destination, and no answer, log or file`() throws {
    let relay = try AttackedRelay()
    defer { relay.end() }
    let shown = try relay.outcome(of: #"{"text":"use it"}"#)
    let sent = try #require(relay.sink.deliveries.first { $0.body.contains("use it") })
    #expect(sent.fields["authorization"] == "Bearer \(AttackedRelay.canary)")
    _ = try Socket(port: relay.installation.port).exchange("POST", "/hooks/github", body: [123, 125])

    let event = shown["event"]?.string ?? shown["event"]?["id"]?.string ?? ""
    let targets = [
      "/api/events", "/api/events/\(event)", "/api/executions", "/api/rejected", "/api/secrets",
      "/api/status",
      "/api/audit", "/api/stats", "/metrics", "/api/openapi.json",
    ]
    for target in targets { expectNone(in: try relay.admin(target).text, target) }
    expectNone(in: shown.text, "the execution")
    expectNone(in: try relay.installation.folder.read("relay.log"), "the log")
    expectNone(in: try Folder.text(of: "/proc/\(relay.process.identifier)/cmdline"), "the command line")
    let found = unsafe system(
      "grep -aq '\(AttackedRelay.canary)' '\(relay.installation.folder.path)/data/data.mdb'")
    #expect(found == 1 << 8, "grep found the secret in the store, or failed")
  }

  @Test func `what holds secrets is for its owner alone, and a crash writes none`() throws {
    let relay = try AttackedRelay.shared.get()
    let data = "\(relay.installation.folder.path)/data"
    #expect(mode(data) == 0o700)
    for file in ["data.mdb", "key", "petrel.sock"] { #expect(mode("\(data)/\(file)") == 0o600, "\(file)") }
    let limits = try Folder.text(of: "/proc/\(relay.process.identifier)/limits")
    let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
    #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(limits)")
  }

  private func expectNone(in text: String, _ place: String) {
    #expect(!text.isEmpty, "\(place) says nothing")
    for secret in Self.secrets { #expect(!text.contains(secret), "\(place) shows a secret") }
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }
}
