internal import ArgumentParser
internal import RelayDocuments

struct RejectedRejudge: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejudge", abstract: "Admit the refused requests that verify now, as of the time they came.",
    discussion: """
      For after a wrong secret was mended. Prints the ids of the events that came of it.

      EXAMPLES
        petrel rejected rejudge --hook github
        petrel rejected rejudge rej_01a2B3
      """)

  @Argument(help: "The refused requests' ids; without them, all that the filter means.")
  var ids: [String] = []
  @Option(name: .long, help: "Only of this hook.")
  var hook: String?
  @Option(name: .long, help: "Only since: a span such as 2h, or an instant.")
  var since: String?
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !ids.isEmpty, hook != nil || since != nil { throw ValidationError("Give ids, or a filter; not both.") }
  }

  func perform(_ console: Console) throws(CommandFailure) {
    let connection = try relay.connect(changes: true)
    let bulk = try Bulk(connection, "/api/rejected/rejudge", limit: nil) { piece, cursor in
      if !ids.isEmpty { return ["ids": .array(ids.map { .string($0) })] }
      let members: [(name: String, value: JSON)] = [
        ("hook", JSON(hook)), ("since", JSON(since)), ("limit", JSON(piece)), ("cursor", JSON(cursor)),
      ]
      return .object(JSONObject(members.filter { $0.value != .null }))
    }
    try bulk.report(console, "admitted", "event")
  }
}
