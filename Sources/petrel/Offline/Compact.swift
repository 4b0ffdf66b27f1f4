internal import ArgumentParser
internal import RelayDocuments

struct Compact: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the data file anew without its free pages.",
    discussion: """
      Needs room for a second copy meanwhile; a running relay goes on, and commits wait while the files are exchanged.

      EXAMPLES
        petrel compact
        petrel compact --offline
      """)

  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let sizes = try relay.connect(changes: true).post("/api/compact")
    guard !console.json else { return console.result(sizes) }
    console.result(
      "\(Relative.bytes(sizes["before_bytes"]?.int ?? 0)) before, \(Relative.bytes(sizes["after_bytes"]?.int ?? 0)) after"
    )
  }
}
