internal import ArgumentParser
internal import RelayModel
internal import RelaySandbox
internal import RelayService

/// The command line: parsing, and nothing else; each command is a file of its own.
struct Petrel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "petrel", abstract: "A durable webhook relay in one small binary.",
    discussion: """
      EXAMPLES
        petrel init relay && petrel serve --config relay/petrel.yaml
        petrel send hello relay/event.json --config relay/petrel.yaml
        petrel executions list --status failed --since 2h

      Exit status: 0 done, 1 failed, 3 partly done, 64 usage, 65 bad input, 66 not found, 69 relay unreachable, \
      70 defect, 74 I/O, 75 busy, 77 denied, 78 bad configuration, 130 interrupted.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "The relay",
        subcommands: [Serve.self, Init.self, Check.self, Plan.self, Status.self, Doctor.self]),
      CommandGroup(
        name: "What it received and did",
        subcommands: [Executions.self, Events.self, Rejected.self, DeadLetters.self]),
      CommandGroup(
        name: "Trying things", subcommands: [Send.self, Run.self, Verify.self, Sign.self, Eval.self]),
      CommandGroup(
        name: "Keeping it", subcommands: [Secrets.self, Tokens.self, Backup.self, Restore.self, Compact.self]),
    ])
}

@main enum Entry {
  static func main() {
    ScriptChild.serveIfAsked(CommandLine.arguments)
    suggestCommand(CommandLine.arguments)
    do {
      var command = try Petrel.parseAsRoot(DashedValues.joined(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      // Help and version end with 0, a wrong use with 64; a command's own failure has been told by now.
      Petrel.exit(withError: error)
    }
  }

  /// Ends with 64 where the first word is nearly a command, which the parser would only call unexpected.
  private static func suggestCommand(_ arguments: [String]) {
    guard arguments.count > 1, !arguments[1].hasPrefix("-"), arguments[1] != "help" else { return }
    let names = Petrel.configuration.groupedSubcommands.flatMap(\.subcommands).map {
      $0.configuration.commandName ?? "\($0)".lowercased()
    }
    guard !names.contains(arguments[1]), let meant = nearest(to: arguments[1], among: names) else { return }
    Console.tell("petrel: there is no command \(arguments[1])\n  Did you mean petrel \(meant)?\n")
    Petrel.exit(withError: ExitCode(ExitStatus.usage.rawValue))
  }
}
