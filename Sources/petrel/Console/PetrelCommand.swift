internal import ArgumentParser

/// A command of ours: its failure is told on stderr and becomes its exit status.
protocol PetrelCommand: ParsableCommand {
  var output: OutputOptions { get }

  func perform(_ console: Console) throws(CommandFailure)
}

extension PetrelCommand {
  func run() throws {
    let console = Console(output)
    do throws(CommandFailure) {
      try perform(console)
    } catch {
      console.report(error)
      throw ExitCode(error.status.rawValue)
    }
  }
}
