internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

struct Doctor: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check configuration, clock, disk, permissions and reachability; with --store every record.",
    discussion: """
      Each line has a mark and, where something is to be mended, the way to do it. Exit status 0 sound, 1 not.

      EXAMPLES
        petrel doctor
        petrel doctor --store
        petrel doctor --offline /var/lib/petrel
      """)

  @Flag(name: .long, help: "Read every record of the store.")
  var store = false
  @Option(
    name: .long, help: "Read every record of a stopped relay's data folder, and look at nothing else.",
    completion: .directory)
  var offline: String?
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    var examination = Examination()
    if let offline {
      examination.add(try StoreExamination.stopped(try AbsolutePath.of(offline)))
    } else {
      try examine(&examination)
    }
    report(examination, console)
    if !examination.isSound { throw .silent(.failed) }
  }

  private func examine(_ examination: inout Examination) throws(CommandFailure) {
    let loaded: Configuration
    do throws(ConfigurationError) {
      loaded = try Configuration.load(configuration.path, environment: Environment.variables).configuration
      let check = try configurationCheck()
      examination.add(ConfigurationExamination.findings(check))
    } catch {
      examination.add(
        error.diagnostics.map { Examination.Entry(.bad, "configuration", $0.description) })
      return
    }
    examination.add(MachineExamination.findings(loaded))
    examination.add(DataExamination.findings(loaded))
    examination.add(ReachExamination.findings(loaded, config: configuration.path))
    if store { examination.add(try StoreExamination.configured(loaded, config: configuration.path)) }
  }

  private func configurationCheck() throws(ConfigurationError) -> ConfigurationCheck {
    do throws(LocalFile.Failure) {
      return try ConfigurationCheck.check(
        configuration: configuration.path, environment: Environment.variables)
    } catch {
      throw .unreadable(error)
    }
  }

  private func report(_ examination: Examination, _ console: Console) {
    if console.json {
      return console.result([
        "sound": .bool(examination.isSound), "checks": .array(examination.entries.map(\.json)),
      ])
    }
    for entry in examination.entries {
      console.result("\(console.style.mark(entry.mark)) \(entry.subject): \(entry.finding)")
      if let fix = entry.fix { console.result("    \(fix)") }
    }
  }
}
