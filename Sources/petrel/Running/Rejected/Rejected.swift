internal import ArgumentParser

struct Rejected: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at refused requests, and why their signatures failed.",
    discussion: """
      The latest of each hook are kept for a day.

      EXAMPLES
        petrel rejected list --hook github
        petrel rejected show rej_01a2B3
        petrel rejected rejudge --hook github
      """,
    subcommands: [RejectedList.self, RejectedShow.self, RejectedRejudge.self])
}
