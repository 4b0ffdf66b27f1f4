import Testing

@Suite struct UsageTests {
  private static let commands = [
    "serve", "init", "check", "status", "doctor", "executions", "executions list", "executions show",
    "executions retry",
    "executions cancel", "executions tail", "events", "events list", "events show", "events replay",
    "rejected",
    "rejected list", "rejected show", "rejected rejudge", "dead-letters", "dead-letters list",
    "dead-letters retry", "dead-letters discard", "send", "run", "verify", "sign", "eval", "secrets",
    "secrets set",
    "secrets list", "secrets delete", "tokens", "tokens create", "tokens list", "tokens revoke", "backup",
    "restore", "compact",
  ]

  @Test(arguments: commands)
  func `every command explains itself`(command: String) throws {
    let run = try CommandRun(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: petrel \(command)"))
    #expect(run.messages.isEmpty)
  }

  @Test(
    arguments: commands.filter {
      !["executions", "events", "rejected", "dead-letters", "secrets", "tokens"].contains($0)
    })
  func `every command takes --json`(command: String) throws {
    let run = try CommandRun(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(run.output.contains("--json"))
  }

  @Test func `every command with examples names itself in them`() throws {
    for command in Self.commands {
      let run = try CommandRun(command.split(separator: " ").map(String.init) + ["--help"])
      guard let examples = run.output.firstRange(of: "EXAMPLES") else { continue }
      #expect(run.output[examples.upperBound...].contains("petrel \(command)"), "\(command)")
    }
  }

  @Test(arguments: [
    ["executions", "show"], ["executions", "list", "--status", "done"],
    ["executions", "list", "--limit", "0"],
    ["executions", "list", "--since", "yesterday"], ["events", "replay"],
    ["events", "replay", "evt_1", "--hook", "github"], ["tokens", "create"],
    ["tokens", "create", "--role", "owner"], ["verify"], ["sign"], ["eval"], ["frobnicate"],
    ["status", "--offline", "--url", "http://localhost"], ["verify", "--provider", "github", "--frobnicate"],
    ["sign", "--provider", "github", "--verify-json", "{}"], ["restore"], ["secrets", "set"],
  ])
  func `a wrong use ends with 64`(arguments: [String]) throws {
    let run = try CommandRun(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(!run.messages.isEmpty)
  }

  @Test func `a misspelt status and a misspelt command are told what they nearly were`() throws {
    #expect(
      try CommandRun(["executions", "list", "--status", "faild"]).messages.contains("Did you mean failed?"))
    #expect(try CommandRun(["chek"]).messages.contains("check"))
  }

  @Test func `the version is printed`() throws {
    let run = try CommandRun(["--version"])
    #expect(run.status == 0)
    #expect(run.output.split(separator: ".").count == 3)
  }
}
