internal import ArgumentParser
internal import RelayAdmin
internal import RelayDocuments

struct DeadLettersRetry: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Retry these dead letters, or all that a filter means.",
    discussion: """
      Prints the ids of the executions that will run.

      EXAMPLES
        petrel dead-letters retry --workflow issue-alert --since 1d
        petrel dead-letters retry --version current
      """)

  @Argument(help: "The executions' ids; without them, all that the filter means.")
  var ids: [String] = []
  @OptionGroup var filter: FilterOptions
  @Flag(name: .long, help: "From the first step, as new executions of the same events.")
  var fromStart = false
  @Option(name: .long, help: "The workflow's version: original, or current.")
  var version: RetryRequest.Version = .original
  @Option(name: .long, help: "At most so many.")
  var limit: Int?
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect(changes: true)
    let bulk = try Bulk(connection, "/api/dead-letters/retry", limit: ids.isEmpty ? limit : nil) {
      piece, cursor in
      [
        "filter": DeadLetterFilter.json(ids, filter, piece, cursor), "from_start": .bool(fromStart),
        "version": .string(version.rawValue),
      ]
    }
    try bulk.report(console, "retried", "execution")
  }
}

/// Which dead letters a bulk action means.
enum DeadLetterFilter {
  static func json(_ ids: [String], _ filter: FilterOptions, _ piece: Int, _ cursor: String?) -> JSON {
    if !ids.isEmpty { return ["ids": .array(ids.map { .string($0) })] }
    let members =
      filter.members + [(name: "limit", value: JSON(piece)), (name: "cursor", value: JSON(cursor))]
    return .object(JSONObject(members.filter { $0.value != .null }))
  }
}
