internal import ArgumentParser
internal import RelayAdmin
internal import RelayDocuments

struct ExecutionsRetry: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Go on from the failed step, or run the event again.",
    discussion: """
      Prints the id of each execution that will run: the same one, or with --from-start a new one of the same event.

      EXAMPLES
        petrel executions retry exe_01a2B3
        petrel executions retry exe_01a2B3 --from-start --version current
      """)

  @Argument(help: "The executions' ids.")
  var ids: [String]
  @Flag(name: .long, help: "From the first step, as a new execution of the same event.")
  var fromStart = false
  @Option(name: .long, help: "The workflow's version: original, or current.")
  var version: RetryRequest.Version = .original
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect(changes: true)
    try EachID(ids).perform(console, "retried") { id throws(CommandFailure) in
      try connection.post(
        "/api/executions/\(Target.encoded(id))/retry",
        ["from_start": .bool(fromStart), "version": .string(version.rawValue)])
    }
  }
}

extension RetryRequest.Version: ExpressibleByArgument {}
