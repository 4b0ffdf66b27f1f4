import Glibc
import RelayDocuments
import Testing

/// A running relay with one hook and two workflows, asked by commands.
final class CommandRelay: Sendable {
  let folder: Folder
  let config: String
  private let process: RelayProcess

  static let workflow = """
    {"name":"greet","on":{"hook":"hello","if":"event.body.kind == 'greet'"},
     "steps":[{"id":"text","set":{"text":"Hello, {{ event.body.name }}!"}},{"id":"done","stop":"{{ steps.text.text }}"}]}
    """
  static let failing = """
    {"name":"broken","on":{"hook":"hello","if":"event.body.kind == 'break'"},
     "steps":[{"id":"end","fail":"it is broken"}]}
    """
  static let waiting = """
    {"name":"sleeper","on":{"hook":"hello","if":"event.body.kind == 'sleep'"},
     "steps":[{"id":"nap","wait":"1h"},{"id":"done","stop":"awake"}]}
    """

  init() throws {
    folder = try Folder()
    config = try folder.write(
      "petrel.yaml",
      """
      listen: 127.0.0.1:0
      admin: { listen: "127.0.0.1:0" }
      store: { max_size: 256MiB }
      drain: 1s
      hooks:
        hello: { verify: { provider: standard-webhooks, secret: "plain:whsec_YS1zZWNyZXQtdG8tdHJ5LXBldHJlbC13aXRo" } }
      """)
    try folder.write("workflows/greet.json", Self.workflow)
    try folder.write("workflows/broken.json", Self.failing)
    try folder.write("workflows/sleeper.json", Self.waiting)
    process = try RelayProcess(["serve", "--config", config], log: "\(folder.path)/log")
    try wait { try run(["status"]).status == 0 }
  }

  deinit {
    process.signal(SIGTERM)
    process.wait()
  }

  func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws
    -> CommandRun
  {
    try CommandRun(arguments + ["--config", config], input: input, environment: environment)
  }

  /// Sends an event that starts one workflow, and answers the ids that the relay gave.
  func send(_ body: String) throws -> (event: String, execution: String) {
    let file = try folder.write("event.json", body)
    let sent = try run(["send", "hello", file])
    let answer = try sent.json
    return (
      try #require(answer["id"]?.string), try #require(answer["executions"]?.array?.first?.string)
    )
  }

  /// Waits until an execution has one of the statuses.
  func waitFor(_ execution: String, _ statuses: String...) throws {
    try wait {
      let shown = try run(["executions", "show", execution, "--json"])
      return statuses.contains(try shown.json["status"]?.string ?? "")
    }
  }

  /// Waits until something has become true, for at most a quarter of a minute.
  func wait(_ condition: () throws -> Bool) throws {
    for _ in 0..<600 {
      if try condition() { return }
      poll(nil, 0, 25)
    }
    throw RelayProcess.Failure.notReady((try folder.read("log")))
  }
}
