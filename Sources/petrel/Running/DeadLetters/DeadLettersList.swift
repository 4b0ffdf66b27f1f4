internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

struct DeadLettersList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Executions that failed for good, the newest first.",
    discussion: """
      EXAMPLES
        petrel dead-letters list --workflow issue-alert --since 1d
      """)

  @OptionGroup var filter: FilterOptions
  @OptionGroup var list: ListOptions
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let found = try relay.connect().list("/api/dead-letters", filter.query, limit: list.limit)
    console.list(found, ids: list.ids, empty: "No dead letters match.") {
      ExecutionTable.table($0, console.style, now: SystemTime().now())
    }
  }
}
