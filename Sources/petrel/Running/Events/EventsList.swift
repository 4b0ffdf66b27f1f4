internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct EventsList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Accepted requests, the newest first.",
    discussion: """
      EXAMPLES
        petrel events list --hook github --since 1h
        petrel events list --offline --ids
      """)

  @Option(name: .long, help: "Only of this hook.")
  var hook: String?
  @Option(name: .long, help: "Only since: a span such as 2h, or an instant.")
  var since: String?
  @OptionGroup var list: ListOptions
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let found = try relay.connect().list(
      "/api/events", [("hook", hook), ("since", since)], limit: list.limit)
    let now = SystemTime().now()
    console.list(found, ids: list.ids, empty: "No events match.") { items in
      var table = Table("ID", "HOOK", "TYPE", "SIZE", "EXECUTIONS", "RECEIVED", "DELIVERY")
      for item in items {
        table.add(
          .init(item["id"]?.string ?? ""), .init(item["hook"]?.string ?? ""),
          .init(item["type"]?.string ?? "-"), .init(Relative.bytes(item["size"]?.int ?? 0)),
          .init("\(item["executions"]?.array?.count ?? 0)"),
          .init(Relative.text(item["received_at"]?.string, now: now)),
          .init(item["delivery"]?.string ?? "-"))
      }
      return table
    }
  }
}
