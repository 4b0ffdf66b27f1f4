import Glibc
import Testing

/// What keeps a relay from starting: each with an exit status that says whose matter it is, and a sentence
/// that says how to mend it.
@Suite(.timeLimit(.minutes(1))) struct RefusedStartTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Replaces what the sound configuration says.
    let change: (String, String)
    let status: Int32
    /// All of it stands in the message.
    let says: [String]
  }

  private static let secret = "plain:\(Installation.secret)"

  static let rows: [Row] = [
    Row(
      testDescription: "a misspelt key", change: ("workflows:", "workflow:"), status: 78,
      says: ["petrel.yaml:", "workflow", "workflows"]),
    Row(
      testDescription: "a misspelt key of a hook", change: ("verify:", "verfy:"), status: 78,
      says: ["petrel.yaml:", "verfy", "verify"]),
    Row(
      testDescription: "an unknown provider", change: ("provider: github", "provider: githbu"), status: 78,
      says: ["github"]),
    Row(
      testDescription: "an empty secret", change: (secret, "plain:"), status: 78,
      says: ["hooks.github", "empty"]),
    Row(
      testDescription: "a secret that is nowhere", change: (secret, "env:PETREL_TEST_NOWHERE"), status: 78,
      says: ["PETREL_TEST_NOWHERE"]),
    Row(
      testDescription: "a short secret", change: (secret, "plain:short"), status: 78,
      says: ["16", "short_secret"]),
    Row(
      testDescription: "a hook without verification",
      change: (#"verify: { provider: github, secret: "\#(secret)" }"#, "body: 1MiB"),
      status: 78, says: ["verify"]),
    Row(
      testDescription: "a plain secret where others can call",
      change: ("listen: 127.0.0.1", "listen: 0.0.0.0"), status: 78,
      says: ["loopback"]),
    Row(
      testDescription: "an open admin interface where others can call",
      change: (#"admin: { listen: "127.0.0.1"#, #"admin: { listen: "0.0.0.0"#), status: 78,
      says: ["auth", "loopback"]),
    Row(testDescription: "a size without a unit", change: ("1GiB", "1"), status: 78, says: ["max_size"]),
    Row(
      testDescription: "a data folder below a file", change: ("./data", "./petrel.yaml/data"), status: 78,
      says: ["petrel.yaml/data"]),
  ]

  @Test(arguments: rows)
  func `a relay that cannot be what it should be does not start, and says why`(row: Row) throws {
    let installation = try Installation()
    let sound = try installation.folder.read("petrel.yaml")
    let changed = sound.replacing(row.change.0, with: row.change.1)
    #expect(changed != sound)
    try installation.folder.write("petrel.yaml", changed)
    let (status, message) = try start(installation)
    #expect(status == row.status, "\(message)")
    for words in row.says { #expect(message.contains(words), "\(message)") }
    #expect(!message.contains(Installation.secret))
  }

  @Test func `a data file that is none is refused, not read`() throws {
    let installation = try Installation()
    try installation.folder.write("data/data.mdb", String(repeating: "no database ", count: 10_000))
    let (status, message) = try start(installation)
    #expect([74, 78].contains(status), "\(message)")
    #expect(message.contains("data"), "\(message)")
  }

  @Test func `an address that is taken is named`() throws {
    let installation = try Installation()
    let relay = try installation.start()
    defer { relay.destroy() }
    let text = try installation.folder.read("petrel.yaml").replacing("./data", with: "./other")
    try installation.folder.write("petrel.yaml", text)
    let (status, message) = try start(installation)
    #expect(status > 0 && status != 124, "\(message)")
    #expect(message.contains("is in use: stop the program"), "\(message)")
    #expect(try installation.deliver("{}", id: "1").status == 202)
  }

  /// Runs `serve` to its end, which must come by itself.
  private func start(_ installation: Installation) throws -> (status: Int32, message: String) {
    let process = try RelayProcess(
      ["serve", "--config", installation.configuration], log: "\(installation.folder.path)/refused.log",
      wrapper: ["/usr/bin/timeout", "20"])
    return (process.wait(), try installation.folder.read("refused.log"))
  }
}
