internal import ArgumentParser
internal import RelayDocuments

struct ExecutionsCancel: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "End executions that have not ended; what they are sending is aborted.",
    discussion: """
      EXAMPLES
        petrel executions cancel exe_01a2B3
      """)

  @Argument(help: "The executions' ids.")
  var ids: [String]
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect(changes: true)
    try EachID(ids).perform(console, "cancelled") { id throws(CommandFailure) in
      try connection.post("/api/executions/\(Target.encoded(id))/cancel")
    }
  }
}
