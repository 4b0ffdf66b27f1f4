internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

struct Backup: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the store while it runs.",
    discussion: """
      The folder must be new or empty. Every record of the copy is read before it counts. The vault's key is not \
      part of it: keep DATA/key elsewhere.

      EXAMPLES
        petrel backup /var/backups/petrel/2026-11-25 --verify
      """)

  @Argument(help: "The folder, on the relay's machine.", completion: .directory)
  var folder: String
  @Flag(name: .long, help: "Read the finished backup once more, against its manifest.")
  var verify = false
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    // The relay's audit names it.
    let report = try relay.connect(changes: true).post(
      "/api/backup", ["folder": .string(try AbsolutePath.of(folder)), "verify": .bool(verify)])
    if console.json {
      console.result(report)
    } else {
      console.result(
        "\(report["folder"]?.string ?? "")  \(Relative.bytes(report["bytes"]?.int ?? 0))  "
          + "\(report["events"]?.int ?? 0) events  \(report["executions"]?.int ?? 0) executions")
      for finding in report["findings"]?.array?.compactMap(\.string) ?? [] { console.message(finding) }
    }
    if report["findings"]?.array?.isEmpty == false { throw .silent(.failed) }
  }
}

/// A path as another process finds it.
enum AbsolutePath {
  static func of(_ path: String) throws(CommandFailure) -> String {
    do throws(LocalFile.Failure) {
      return try LocalFile.absolute(path)
    } catch {
      throw CommandFailure(.io, "\(error)")
    }
  }
}
