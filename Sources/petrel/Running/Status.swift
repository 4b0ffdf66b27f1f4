internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct Status: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "What runs: generation, backlog, store, lag.",
    discussion: """
      Exit status 0 where the relay takes events, 1 where it runs and does not, 69 where it does not run.

      EXAMPLES
        petrel status
        petrel status --url https://relay.example.com:8081 --json
      """)

  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let status = try relay.connect().get("/api/status")
    if console.json {
      console.result(status)
    } else {
      console.result(StatusText(status, console.style, now: SystemTime().now()).text)
    }
    if status["ready"]?.bool != true, !relay.offline { throw .silent(.failed) }
  }
}

/// What runs, as people read it.
struct StatusText {
  private let status: JSON
  private let style: Style
  private let now: Timestamp

  init(_ status: JSON, _ style: Style, now: Timestamp) {
    self.status = status
    self.style = style
    self.now = now
  }

  var text: String {
    var lines = [head]
    lines.append("hooks       \(field("listen")) (\(count("hooks")))")
    lines.append("admin       \(field("admin_listen"))")
    lines.append("workflows   \(count("workflows"))")
    lines.append("generation  \(number("generation")) (\(String(field("fingerprint").prefix(12))))")
    lines.append("backlog     \(number("backlog")) (\(executions))")
    lines.append("dead        \(number("dead_letters"))")
    lines.append("store       \(store)")
    if let upstream { lines.append("upstream    \(upstream)") }
    if let degraded = status["degraded"]?.string { lines.append("\(style.mark(.warning)) \(degraded)") }
    for error in status["reload_errors"]?.array?.compactMap(\.string) ?? [] {
      lines.append("\(style.mark(.bad)) the last change was refused: \(error)")
    }
    return lines.joined(separator: "\n")
  }

  private var head: String {
    let since = Relative.text(status["started_at"]?.string, now: now)
    if status["ready"]?.bool == true {
      return "\(style.mark(.good)) petrel \(field("version")) takes events, started \(since)"
    }
    return "\(style.mark(.bad)) petrel \(field("version")) takes no events: \(field("obstacle"))"
  }

  private var executions: String {
    ["queued", "running", "waiting"].map { "\(status["executions"]?[$0]?.int ?? 0) \($0)" }
      .joined(separator: ", ")
  }

  private var store: String {
    let (used, limit) = (status["store"]?["used_bytes"]?.int ?? 0, status["store"]?["limit_bytes"]?.int ?? 0)
    return "\(Relative.bytes(used)) of \(Relative.bytes(limit))"
  }

  private var upstream: String? {
    guard let upstream = status["upstream"], upstream != .null else { return nil }
    let lag = Relative.text(.milliseconds(upstream["lag_ms"]?.int ?? 0))
    let error = upstream["last_error"]?.string.map { ", \($0)" } ?? ""
    let rejected = upstream["rejected"]?.int ?? 0
    let refusals = rejected > 0 ? ", \(rejected) rejected by central" : ""
    return "\(upstream["url"]?.string ?? "") as \(upstream["edge"]?.string ?? ""): "
      + "\(upstream["pending"]?.int ?? 0) pending, lag \(lag)\(refusals)\(error)"
  }

  private func field(_ name: String) -> String { status[name]?.string ?? "-" }
  private func number(_ name: String) -> Int { status[name]?.int ?? 0 }
  private func count(_ name: String) -> Int { status[name]?.array?.count ?? 0 }
}
