internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelayStore

struct Restore: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring a backup back into the configuration's data folder.",
    discussion: """
      The data folder must be missing or empty, and no relay may run on it. What happened after the backup is not in \
      it; upstream begins a new epoch.

      EXAMPLES
        systemctl stop petrel && mv data data.old && petrel restore /var/backups/petrel/2026-11-25
      """)

  @Argument(help: "The backup's folder.", completion: .directory)
  var folder: String
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let data = try configuration.load().configuration.data
    let backup = try AbsolutePath.of(folder)
    guard LocalFile.exists(backup) else { throw CommandFailure(.notFound, "there is no \(backup)") }
    do throws(StoreError) {
      let manifest = try RelayStore.Backup.restore(
        from: backup, to: data, time: SystemTime(), random: SystemRandom())
      if console.json {
        console.result([
          "folder": .string(data), "made_at": .string(manifest.madeAt.rfc3339),
          "events": JSON(manifest.events),
          "executions": JSON(manifest.executions),
        ])
      } else {
        console.result(
          "\(data)  \(manifest.events) events  \(manifest.executions) executions, as of \(manifest.madeAt.rfc3339)"
        )
        console.message("The vault's key is not in a backup: bring \(data)/key back from where it is kept.")
      }
    } catch {
      throw CommandFailure(store: error)
    }
  }
}
