internal import ArgumentParser

struct DeadLetters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letters", abstract: "Executions that failed for good: retry or discard them in bulk.",
    discussion: """
      EXAMPLES
        petrel dead-letters list --since 1d
        petrel dead-letters retry --workflow issue-alert
        petrel dead-letters discard --hook legacy --yes
      """,
    subcommands: [DeadLettersList.self, DeadLettersRetry.self, DeadLettersDiscard.self])
}
