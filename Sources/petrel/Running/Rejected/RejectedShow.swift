internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct RejectedShow: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One refused request, and why its signature failed.",
    discussion: """
      With --json the object of the admin API. What the signature should have been is never told.

      EXAMPLES
        petrel rejected show rej_01a2B3
      """)

  @Argument(help: "The refused request's id.")
  var id: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let rejected = try relay.connect().get("/api/rejected/\(Target.encoded(id))")
    guard !console.json else { return console.result(rejected) }
    var lines = ["\(rejected["code"]?.string ?? ""): \(rejected["detail"]?.string ?? "")"]
    for finding in rejected["findings"]?.array ?? [] { lines.append(line(finding, console.style)) }
    console.result(lines.joined(separator: "\n"))
    console.result("\n" + RequestText.text(rejected, now: SystemTime().now()))
  }

  private func line(_ finding: JSON, _ style: Style) -> String {
    let evidence = finding["evidence"]?.string ?? ""
    switch finding["verdict"]?.string {
    case "passed": return "  \(style.mark(.good)) \(finding["check"]?.string ?? ""): \(evidence)"
    case "failed": return "  \(style.mark(.bad)) \(finding["check"]?.string ?? ""): \(evidence)"
    case "diagnosis": return "\(style.paint(evidence, .bold))"
    default: return "  - \(finding["check"]?.string ?? ""): \(evidence)"
    }
  }
}
