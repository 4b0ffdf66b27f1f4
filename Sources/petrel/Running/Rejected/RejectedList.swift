internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct RejectedList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Refused requests that are still kept, the newest first.",
    discussion: """
      EXAMPLES
        petrel rejected list --hook github
      """)

  @Option(name: .long, help: "Only of this hook.")
  var hook: String?
  @OptionGroup var list: ListOptions
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let found = try relay.connect().list("/api/rejected", [("hook", hook)], limit: list.limit)
    let now = SystemTime().now()
    console.list(found, ids: list.ids, empty: "Nothing was refused lately.") { items in
      var table = Table("ID", "HOOK", "CODE", "RECEIVED", "CLIENT", "DETAIL")
      for item in items {
        table.add(
          .init(item["id"]?.string ?? ""), .init(item["hook"]?.string ?? ""),
          .init(item["code"]?.string ?? ""), .init(Relative.text(item["received_at"]?.string, now: now)),
          .init(item["client"]?.string ?? ""), .init(item["detail"]?.string ?? ""))
      }
      return table
    }
  }
}
