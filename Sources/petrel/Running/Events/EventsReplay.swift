internal import ArgumentParser
internal import RelayDocuments

struct EventsReplay: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Run events again: these, or all that a filter means.",
    discussion: """
      Prints the ids of the new executions. By filter they run after everything live.

      EXAMPLES
        petrel events replay evt_01a2B3
        petrel events replay --hook github --since 2h --workflow issue-alert
        petrel events replay --since 1d --hook github --against workflows/issue-alert.json
      """)

  @Argument(help: "The events' ids.")
  var ids: [String] = []
  @OptionGroup var filter: FilterOptions
  @Option(name: .long, help: "At most so many.")
  var limit: Int?
  @Option(
    name: .long, help: "Run nothing: tell what this workflow's file would do otherwise than was done.",
    completion: .file(extensions: ["json"]))
  var against: String?
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if ids.isEmpty, filter.hook == nil, filter.since == nil {
      throw ValidationError("Give ids, or narrow the bulk by --hook or --since.")
    }
    if !ids.isEmpty, filter.hook != nil || filter.since != nil {
      throw ValidationError("Give ids, or a filter; not both.")
    }
    if ids.count > 1000 { throw ValidationError("At most 1000 ids at once.") }
    if let limit, limit < 1 { throw ValidationError("--limit is a number from 1.") }
  }

  func perform(_ console: Console) throws(CommandFailure) {
    if let against {
      return try Comparisons(try relay.connect(), relay.configuration).report(
        against, of: try events(), console)
    }
    let connection = try relay.connect(changes: true)
    let bulk = try Bulk(connection, "/api/events/replay", limit: ids.isEmpty ? limit : nil) { piece, cursor in
      var members = filter.members
      if ids.isEmpty {
        members += [("limit", JSON(piece)), ("cursor", JSON(cursor))].filter { $0.1 != .null }
      } else {
        members.append(("ids", .array(ids.map { .string($0) })))
      }
      return .object(JSONObject(members))
    }
    try bulk.report(console, "started", "execution")
  }

  /// The events' ids, the newest first.
  private func events() throws(CommandFailure) -> [String] {
    guard ids.isEmpty else { return ids }
    return try relay.connect().list(
      "/api/events", [("hook", filter.hook), ("since", filter.since)], limit: limit ?? 1000
    ).items.compactMap { $0["id"]?.string }
  }
}
