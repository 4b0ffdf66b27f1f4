internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

struct Check: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate configuration and workflows: every mistake at once, with its place.",
    discussion: """
      Files that end in .json are workflows, others configurations. Without files: the configuration, its secrets and \
      its workflows. Exit status 0 sound, 78 a configuration is wrong, 65 a workflow is.

      EXAMPLES
        petrel check
        petrel check workflows/issue-alert.json
        petrel check --schema > workflow.schema.json
        petrel check --schema petrel.yaml > petrel.schema.json
      """)

  @Argument(help: "Files to check.", completion: .file())
  var files: [String] = []
  @Flag(name: .long, help: "Print the JSON Schema of workflows, or of the kind of file that is named.")
  var schema = false
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    if schema {
      let isConfiguration = files.contains { !$0.hasSuffix(".json") }
      return console.result((isConfiguration ? PublishedSchema.configuration : .workflow).text)
    }
    let report =
      files.isEmpty
      ? try whole() : ConfigurationCheck.check(files: files, environment: Environment.variables)
    if console.json {
      console.result([
        "sound": .bool(report.isSound), "diagnostics": .array(report.diagnostics.map(Self.json)),
      ])
    } else {
      for diagnostic in report.diagnostics { console.result(diagnostic.description) }
      if report.isSound { console.message(report.summary) }
    }
    if !report.isSound { throw .silent(report.blamesConfiguration ? .badConfiguration : .badInput) }
  }

  private func whole() throws(CommandFailure) -> ConfigurationCheck {
    do throws(LocalFile.Failure) {
      return try ConfigurationCheck.check(
        configuration: configuration.path, environment: Environment.variables)
    } catch {
      throw CommandFailure(
        configuration: .unreadable(error), path: configuration.path, isGiven: configuration.config != nil)
    }
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    [
      "file": .string(diagnostic.file), "line": JSON(diagnostic.line), "column": JSON(diagnostic.column),
      "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
    ]
  }
}
