internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct EventsShow: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One event with headers and body; secrets are masked.",
    discussion: """
      With --json the object of the admin API.

      EXAMPLES
        petrel events show evt_01a2B3
        petrel events show evt_01a2B3 --json
      """)

  @Argument(help: "The event's id.")
  var id: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let event = try relay.connect().get("/api/events/\(Target.encoded(id))")
    guard !console.json else { return console.result(event) }
    console.result(RequestText.text(event, now: SystemTime().now()))
  }
}

/// An accepted or refused request as people read it.
enum RequestText {
  static func text(_ request: JSON, now: Timestamp) -> String {
    func field(_ name: String) -> String { request[name]?.string ?? "-" }
    var lines = [
      "\(field("id"))  \(field("hook"))  \(request["type"]?.string ?? "")",
      "received  \(Relative.text(request["received_at"]?.string, now: now)) from \(field("client"))",
    ]
    let executions = request["executions"]?.array?.compactMap(\.string) ?? []
    if !executions.isEmpty { lines.append("started   \(executions.joined(separator: " "))") }
    for note in request["notes"]?.array?.compactMap(\.string) ?? [] { lines.append("note      \(note)") }
    lines += ["", "\(field("method")) \(field("target"))"]
    for header in request["headers"]?.array ?? [] {
      lines.append("\(header["name"]?.string ?? ""): \(header["value"]?.string ?? "")")
    }
    lines.append("")
    if let base64 = request["body_base64"]?.string {
      lines.append("(base64) \(base64)")
    } else if let body = request["body"], body != .null {
      lines.append(body.string ?? body.prettyText)
    }
    return lines.joined(separator: "\n")
  }
}
