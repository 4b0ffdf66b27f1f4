import ArgumentParser

@main
struct Petrel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "petrel", abstract: "A durable webhook relay in one small binary.")
}
