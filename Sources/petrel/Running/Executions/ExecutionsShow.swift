internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct ExecutionsShow: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One execution with its steps and attempts.",
    discussion: """
      With --json the object of the admin API.

      EXAMPLES
        petrel executions show exe_01a2B3
        petrel executions show exe_01a2B3 --json
      """)

  @Argument(help: "The execution's id.")
  var id: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let execution = try relay.connect().get("/api/executions/\(Target.encoded(id))")
    guard !console.json else { return console.result(execution) }
    console.result(ExecutionText(execution, console.style, now: SystemTime().now()).text)
  }
}

/// One execution as people read it.
struct ExecutionText {
  private let execution: JSON
  private let style: Style
  private let now: Timestamp

  init(_ execution: JSON, _ style: Style, now: Timestamp) {
    self.execution = execution
    self.style = style
    self.now = now
  }

  var text: String {
    var lines = [
      "\(field("id"))  \(style.status(field("status")))",
      "workflow  \(field("workflow")) (version \(field("version").prefix(12)))",
      "event     \(field("event")) on \(field("hook"))",
      "created   \(Relative.text(execution["created_at"]?.string, now: now))\(took)",
    ]
    let detail = ExecutionTable.detail(execution, now: now)
    if !detail.isEmpty { lines.append("because   \(detail)") }
    for approval in execution["approvals"]?.array ?? [] {
      guard let link = approval["url"]?.string else { continue }
      lines.append("approval  \(approval["step"]?.string ?? "")  \(link)")
    }
    for step in execution["steps"]?.array ?? [] { lines += self.lines(of: step) }
    return lines.joined(separator: "\n")
  }

  private func field(_ name: String) -> String { execution[name]?.string ?? "-" }

  private var took: String {
    guard let start = execution["started_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let end = execution["finished_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return "" }
    return ", took \(Relative.text(end - start))"
  }

  private func lines(of step: JSON) -> [String] {
    var lines = ["", "step \(step["id"]?.string ?? "")  \(style.status(step["status"]?.string ?? ""))"]
    for attempt in step["attempts"]?.array ?? [] {
      let error = attempt["error"]?["message"]?.string.map { "  \($0)" } ?? ""
      // A script has no status, and an attempt that ended well has no error.
      let status = attempt["status"]?.int.map { "HTTP \($0)" } ?? (error.isEmpty ? "done" : "no answer")
      lines.append(
        "  attempt \(attempt["number"]?.int ?? 0)  \(Relative.text(attempt["at"]?.string, now: now))  "
          + "\(attempt["duration_ms"]?.int ?? 0)ms  \(status)\(error)")
    }
    if let output = step["output"], output != .null { lines.append("  output \(output.text.cut(to: 400))") }
    return lines
  }
}
