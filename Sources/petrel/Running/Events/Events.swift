internal import ArgumentParser

struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at accepted requests, and run them again.",
    discussion: """
      EXAMPLES
        petrel events list --hook github --since 1h
        petrel events show evt_01a2B3
        petrel events replay --hook github --since 2h --workflow issue-alert
      """,
    subcommands: [EventsList.self, EventsShow.self, EventsReplay.self])
}
