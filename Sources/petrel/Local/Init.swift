internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct Init: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a new installation's folder: configuration, one workflow, systemd unit.",
    discussion: """
      Nothing that is there is replaced.

      EXAMPLES
        petrel init relay
      """)

  @Argument(help: "The folder.", completion: .directory)
  var folder: String
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let files = Template.files
    do throws(LocalFile.Failure) {
      let folder = try LocalFile.absolute(folder)
      try LocalFile.makeFolder("\(folder)/workflows")
      for file in files {
        let text = file.text.replacing("@FOLDER@", with: folder)
        try LocalFile.write(Array(text.utf8), to: "\(folder)/\(file.name)", mode: 0o644)
      }
    } catch  where error.isTaken {
      throw CommandFailure(
        .failed, "\(error.path) is there already", hints: ["Choose another folder, or move it away."])
    } catch {
      throw CommandFailure(.io, "\(error)", hints: ["Choose another folder, or move the file away."])
    }
    if console.json {
      console.result(["folder": .string(folder), "files": .array(files.map { .string($0.name) })])
    } else {
      for file in files { console.result("\(folder)/\(file.name)") }
      console.message("Next:\n  petrel serve --config \(folder)/petrel.yaml")
      console.message("  petrel send hello \(folder)/event.json --config \(folder)/petrel.yaml")
    }
  }
}
