internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct ExecutionsList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Executions, the newest first.",
    discussion: """
      EXAMPLES
        petrel executions list --status failed,cancelled --workflow issue-alert
        petrel executions list --since 1h --ids | xargs petrel executions retry
      """)

  @Option(name: .long, help: "One or several: queued, running, waiting, succeeded, failed, cancelled.")
  var status: String?
  @OptionGroup var filter: FilterOptions
  @OptionGroup var list: ListOptions
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for name in status?.split(separator: ",") ?? [] where ExecutionStatus(rawValue: String(name)) == nil {
      let names = ExecutionStatus.allCases.map(\.rawValue)
      let hint = nearest(to: String(name), among: names).map { " Did you mean \($0)?" } ?? ""
      throw ValidationError("--status \(name) is none of \(names.joined(separator: ", ")).\(hint)")
    }
  }

  func perform(_ console: Console) throws(CommandFailure) {
    let found = try relay.connect().list(
      "/api/executions", filter.query + [("status", status)], limit: list.limit)
    console.list(found, ids: list.ids, empty: "No executions match.") {
      ExecutionTable.table($0, console.style, now: SystemTime().now())
    }
  }
}

/// Executions as people read them.
enum ExecutionTable {
  static func table(_ items: [JSON], _ style: Style, now: Timestamp) -> Table {
    var table = Table("ID", "STATUS", "WORKFLOW", "HOOK", "ATTEMPTS", "CREATED", "DETAIL")
    for item in items {
      table.add(
        .init(item["id"]?.string ?? ""), .init(item["status"]?.string ?? "", paint: style.status),
        .init(item["workflow"]?.string ?? ""), .init(item["hook"]?.string ?? ""),
        .init("\(item["attempts"]?.int ?? 0)"), .init(Relative.text(item["created_at"]?.string, now: now)),
        .init(detail(item, now: now)))
    }
    return table
  }

  /// Why it failed, or what it waits for.
  static func detail(_ item: JSON, now: Timestamp) -> String {
    if let failure = item["failure"], failure != .null {
      let step = failure["step"]?.string ?? ""
      return "\(step.isEmpty ? "" : "\(step): ")\(failure["message"]?.string ?? "")"
    }
    guard let reason = item["reason"]?.string else { return "" }
    guard let due = item["due_at"]?.string else { return reason }
    return "\(reason), \(Relative.text(due, now: now))"
  }
}
