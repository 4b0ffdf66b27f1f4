internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelayThreads

struct ExecutionsTail: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Print executions as they begin and end.",
    discussion: """
      With --json an object a line. Ends with Ctrl-C.

      EXAMPLES
        petrel executions tail --workflow issue-alert
      """)

  @OptionGroup var filter: FilterOptions
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  /// How often the relay is asked.
  private static let interval = Duration.seconds(1)

  func validate() throws {
    if relay.offline { throw ValidationError("A stopped relay's executions do not change; use list.") }
  }

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect()
    var known: [String: String] = [:]
    // What is there already is not told; what changes is.
    for item in try recent(connection) { known[Self.id(item)] = item["status"]?.string ?? "" }
    console.message("connected; waiting for executions")
    let never = Inbox<Void>()
    while true {
      _ = never.wait(atMost: Self.interval)
      for item in try recent(connection).reversed() {
        let (id, status) = (Self.id(item), item["status"]?.string ?? "")
        guard known.updateValue(status, forKey: id) != status else { continue }
        console.stream(line(item, console))
      }
      if known.count > 10_000 {
        known = known.filter { !(ExecutionStatus(rawValue: $0.value)?.isFinal ?? true) }
      }
    }
  }

  private func recent(_ connection: any RelayConnection) throws(CommandFailure) -> [JSON] {
    try connection.list("/api/executions", filter.query, limit: 200).items
  }

  private func line(_ item: JSON, _ console: Console) -> String {
    if console.json { return item.text }
    let now = SystemTime().now()
    let detail = ExecutionTable.detail(item, now: now)
    return "\(now.rfc3339)  \(Self.id(item))  \(console.style.status(item["status"]?.string ?? ""))  "
      + "\(item["workflow"]?.string ?? "")\(detail.isEmpty ? "" : "  \(detail)")"
  }

  private static func id(_ item: JSON) -> String { item["id"]?.string ?? "" }
}
