internal import ArgumentParser
internal import RelayAdmin
internal import RelayDocuments
internal import RelayModel
internal import RelayService

struct Tokens: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tokens of the admin API.",
    discussion: """
      EXAMPLES
        petrel tokens create --role viewer --name prometheus
        petrel tokens revoke ptk_8Zk1Qa2b
      """,
    subcommands: [TokensCreate.self, TokensList.self, TokensRevoke.self])
}

struct TokensCreate: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a token; it is shown this once.",
    discussion: """
      viewer looks; operator also retries, cancels, replays and runs; admin does everything.

      EXAMPLES
        export PETREL_TOKEN=$(petrel tokens create --role operator)
      """)

  @Option(name: .long, help: "admin, operator or viewer.")
  var role: Role
  @Option(name: .long, help: "What it is for, as the audit names it; without it the role.")
  var name: String?
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    var body = JSONObject([("role", .string(role.rawValue))])
    if let name { body["name"] = .string(try ResourceArgument.checked(name)) }
    let token = try relay.connect(changes: true).post("/api/tokens", .object(body))
    guard !console.json else { return console.result(token) }
    console.result(token["token"]?.string ?? "")
    console.message("This is \(token["id"]?.string ?? ""), shown this once.")
  }
}

struct TokensList: PetrelCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The tokens, without their secrets.")

  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let tokens = try relay.connect().get("/api/tokens")
    let now = SystemTime().now()
    console.list((tokens["items"]?.array ?? [], nil), ids: false, empty: "There are no tokens.") { items in
      var table = Table("ID", "NAME", "ROLE", "CREATED")
      for item in items {
        table.add(
          .init(item["id"]?.string ?? ""), .init(item["name"]?.string ?? ""),
          .init(item["role"]?.string ?? ""), .init(Relative.text(item["created_at"]?.string, now: now)))
      }
      return table
    }
  }
}

struct TokensRevoke: PetrelCommand {
  static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Revoke a token at once.")

  @Argument(help: "The token's id, ptk_ and eight characters.")
  var id: String
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    // Whoever pastes the whole token means the token that it names.
    let name = String(id.prefix(12))
    _ = try relay.connect(changes: true).ask("DELETE", "/api/tokens/\(Target.encoded(name))", nil)
    if console.json { console.result(["id": .string(name)]) } else { console.message("revoked \(name)") }
  }
}

extension Role: ExpressibleByArgument {}
