internal import ArgumentParser
internal import RelayExpressions

/// A command of ours: its failure is told on stderr and becomes its exit status.
protocol PetrelCommand: ParsableCommand {
  var output: OutputOptions { get }
  /// Whether it deals with SIGINT itself.
  static var handlesInterruption: Bool { get }

  func perform(_ console: Console) throws(CommandFailure)
}

extension PetrelCommand {
  static var handlesInterruption: Bool { false }

  func run() throws {
    let console = Console(output)
    TimeZones.install(ZoneFiles.read)
    if !Self.handlesInterruption { Interruption.endsCommand() }
    do throws(CommandFailure) {
      try perform(console)
    } catch {
      console.report(error)
      throw ExitCode(error.status.rawValue)
    }
  }
}
