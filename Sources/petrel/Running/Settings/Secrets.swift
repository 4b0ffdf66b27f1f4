internal import ArgumentParser
internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct Secrets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The vault: secrets sealed in the store, used as vault:NAME.",
    discussion: """
      EXAMPLES
        printf %s "$SECRET" | petrel secrets set legacy
        petrel secrets list
      """,
    subcommands: [SecretsSet.self, SecretsList.self, SecretsDelete.self])
}

struct SecretsSet: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Keep a value, from stdin or a prompt; never from an argument.",
    discussion: """
      One line break at the end does not belong to the value.

      EXAMPLES
        petrel secrets set legacy < secret.txt
      """)

  @Argument(help: "The entry's name.")
  var name: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let name = try ResourceArgument.checked(name)
    let connection = try relay.connect(changes: true)
    let value = try Prompt.secret("Secret \(name)")
    _ = try connection.ask(
      "PUT", "/api/secrets/\(name)", ["value_base64": .string(Base64.standard.text(value))])
    if console.json { console.result(["name": .string(name)]) } else { console.message("kept \(name)") }
  }
}

struct SecretsList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The vault's names; its values are never shown.")

  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let secrets = try relay.connect().get("/api/secrets")
    let now = SystemTime().now()
    console.list((secrets["items"]?.array ?? [], nil), ids: false, empty: "The vault is empty.") { items in
      var table = Table("NAME", "CHANGED")
      for item in items {
        table.add(
          .init(item["name"]?.string ?? ""), .init(Relative.text(item["updated_at"]?.string, now: now)))
      }
      return table
    }
  }
}

struct SecretsDelete: PetrelCommand {
  static let configuration = CommandConfiguration(commandName: "delete", abstract: "Forget a value.")

  @Argument(help: "The entry's name.")
  var name: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let name = try ResourceArgument.checked(name)
    _ = try relay.connect(changes: true).ask("DELETE", "/api/secrets/\(name)", nil)
    if console.json { console.result(["name": .string(name)]) } else { console.message("deleted \(name)") }
  }
}

/// A name that a person gave.
enum ResourceArgument {
  static func checked(_ name: String) throws(CommandFailure) -> String {
    guard ResourceName.isValid(name) else {
      throw CommandFailure(.badInput, "“\(name)” is no name: [a-z0-9][a-z0-9_-]{0,63}")
    }
    return name
  }
}
