internal import ArgumentParser
internal import RelayDocuments

struct DeadLettersDiscard: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard", abstract: "Put these dead letters aside, or all that a filter means.",
    discussion: """
      They stay among the failed executions until retention deletes them. On a terminal it asks first.

      EXAMPLES
        petrel dead-letters discard exe_01a2B3
        petrel dead-letters discard --hook legacy --yes
      """)

  @Argument(help: "The executions' ids; without them, all that the filter means.")
  var ids: [String] = []
  @OptionGroup var filter: FilterOptions
  @Option(name: .long, help: "At most so many.")
  var limit: Int?
  @Flag(name: [.long, .short], help: "Do not ask.")
  var yes = false
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect(changes: true)
    let what = ids.isEmpty ? "all dead letters that match" : "\(ids.count) dead letters"
    guard yes || Prompt.confirms("Put \(what) aside?", console) else { throw .silent(.failed) }
    let bulk = try Bulk(connection, "/api/dead-letters/discard", limit: ids.isEmpty ? limit : nil) {
      piece, cursor in
      ["filter": DeadLetterFilter.json(ids, filter, piece, cursor)]
    }
    try bulk.report(console, "discarded", "execution")
  }
}
