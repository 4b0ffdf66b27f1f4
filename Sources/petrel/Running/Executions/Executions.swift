internal import ArgumentParser

struct Executions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at executions, retry and cancel them.",
    discussion: """
      EXAMPLES
        petrel executions list --status failed --since 2h
        petrel executions show exe_01a2B3
        petrel executions retry exe_01a2B3 --version current
      """,
    subcommands: [
      ExecutionsList.self, ExecutionsShow.self, ExecutionsRetry.self, ExecutionsCancel.self,
      ExecutionsTail.self,
    ])
}
