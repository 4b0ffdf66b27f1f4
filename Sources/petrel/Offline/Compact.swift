internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelayStore

struct Compact: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the data file anew without its free pages.",
    discussion: """
      Needs room for a second copy meanwhile; a running relay goes on, and commits wait while the files are exchanged.

      A stopped relay's damaged store is mended (--offline): what can be read is kept, what was left out is named, \
      and the damaged file stays beside the new one as data.mdb.damaged. Exit status 3 where something was left out.

      EXAMPLES
        petrel compact
        petrel compact --offline
      """)

  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let leftOut = relay.offline ? try mend() : []
    for finding in leftOut {
      console.message("\(finding.database) \(finding.key): \(finding.what); \(finding.fix)")
    }
    var sizes = try relay.connect(changes: true).post("/api/compact")
    if console.json {
      if case .object(var object) = sizes {
        object["left_out"] = JSON(leftOut.count)
        sizes = .object(object)
      }
      console.result(sizes)
    } else {
      console.result(
        "\(Relative.bytes(sizes["before_bytes"]?.int ?? 0)) before, \(Relative.bytes(sizes["after_bytes"]?.int ?? 0)) after"
      )
    }
    if !leftOut.isEmpty { throw .silent(.partly) }
  }

  /// Salvages a store that is not sound; answers what was left out.
  private func mend() throws(CommandFailure) -> [Finding] {
    let configuration = try relay.configuration.load().configuration
    guard LocalFile.exists("\(configuration.data)/data.mdb") else { return [] }
    do throws(StoreError) {
      let report = try Checker.check(
        directory: configuration.data, time: SystemTime(), random: SystemRandom())
      guard !report.isSound else { return [] }
      return try Salvage.run(
        directory: configuration.data, maxSize: configuration.storeLimit, time: SystemTime(),
        random: SystemRandom()
      ).leftOut
    } catch {
      throw CommandFailure(store: error)
    }
  }
}
