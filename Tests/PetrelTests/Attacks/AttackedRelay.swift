import Glibc
import RelayDocuments
import Testing

/// The real binary that the rows of the table are thrown at, with bounds that are small enough to be
/// reached. One for all tests that do not count what it holds; it ends with the test process.
final class AttackedRelay: Sendable {
  static let shared = Result<AttackedRelay, any Error> {
    let relay = try AttackedRelay()
    atexit(endAttackedRelay)
    return relay
  }

  /// A value in the vault that must not be seen anywhere.
  static let canary = "canary-in-the-vault-0123456789"

  let installation: Installation
  let process: RelayProcess
  let sink: Sink
  /// An administrator's token.
  let token: String

  init() throws {
    let sink = try Sink()
    self.sink = sink
    installation = try Installation(
      workflow: Self.echo.replacing("PORT", with: "\(sink.port)"), extra: Self.settings, hooks: Self.hooks,
      auth: "token")
    try installation.folder.write("workflows/fetch.json", Self.fetch)
    try installation.folder.write("workflows/place.json", Self.place.replacing("PORT", with: "\(sink.port)"))
    let secret = try CommandRun(
      ["secrets", "set", "canary", "--config", installation.configuration, "--offline"], input: Self.canary)
    guard secret.status == 0 else { throw Folder.Failure(what: secret.messages) }
    process = try installation.start()
    let made = try CommandRun(
      ["tokens", "create", "--role", "admin", "--config", installation.configuration])
    token = String(made.output.split(separator: "\n").last ?? "")
    guard made.status == 0, !token.isEmpty else { throw Folder.Failure(what: made.messages) }
  }

  func end() {
    process.destroy()
    sink.close()
    _ = unsafe system("rm -rf '\(installation.folder.path)'")
  }

  private static let settings = """
    limits: { body: 1MiB, headers: 16KiB, connections: 64, request_timeout: 1s }
    egress: { breaker: { failures: 100000 } }
    """

  private static let hooks = [
    #"timed: { verify: { provider: standard-webhooks, secret: "plain:whsec_YS1zZWNyZXQtb2Ytc2l4dGVlbi1vci1tb3JlLWJ5dGVz" } }"#,
    #"slow: { verify: none, rate_limit: 1/h }"#,
  ]

  /// Every event that is no test of an outgoing request: the body is read, and a part of it passed on.
  private static let echo = """
    { "name": "echo", "on": { "hook": "github", "if": "event.body.text != ''" },
      "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:PORT/echo",
        "auth": { "bearer": "vault:canary" }, "json": { "text": "{{ event.body.text }}" } } } ] }
    """

  /// Calls what the event names.
  private static let fetch = """
    { "name": "fetch", "on": { "hook": "github", "if": "event.body.kind == 'fetch'" }, "retry": { "attempts": 1 },
      "steps": [ { "id": "call", "http": { "url": "{{ event.body.url }}", "follow": true } } ] }
    """

  /// Puts text of the event where a request could be changed by it.
  private static let place = """
    { "name": "place", "on": { "hook": "github", "if": "event.body.kind == 'place'" }, "retry": { "attempts": 1 },
      "steps": [ { "id": "call", "http": { "method": "POST", "url": "http://127.0.0.1:PORT/path/{{ event.body.path }}",
        "query": { "q": "{{ event.body.query }}" }, "headers": { "X-Text": "{{ event.body.header }}" },
        "text": "{{ event.body.path }}" } } ] }
    """
}

extension AttackedRelay {
  /// What comes back on a connection of its own; nil where nothing does.
  func answer(to attack: Attack, port: UInt16? = nil) throws -> (text: String, message: Message?) {
    let socket = try Socket(port: port ?? installation.port, patience: 20)
    do { try socket.send(attack.bytes) } catch Socket.Failure.closed {}
    let bytes = try socket.receiveToEnd()
    return (String(decoding: bytes, as: UTF8.self), Message(answer: bytes))
  }

  /// Throws an attack and judges the answer.
  func suffers(_ attack: Attack, port: UInt16? = nil) throws -> Message? {
    let (text, message) = try answer(to: attack, port: port)
    let status = message?.status ?? 0
    #expect(attack.statuses.contains(status), "\(attack.testDescription): \(text.prefix(600))")
    #expect(attack.statuses.contains(200) || !text.contains("HTTP/1.1 200"), "what stood behind was answered")
    if let code = attack.code, let message { try Self.expectProblem(message, code) }
    return message
  }

  /// The shape of every refusal that is ours.
  static func expectProblem(_ message: Message, _ code: String) throws {
    #expect(message.fields["content-type"] == "application/problem+json", "\(message.text)")
    let problem = try JSON.parse(message.body)
    #expect(problem["code"]?.string == code, "\(message.text)")
    #expect(problem["status"]?.int == message.status)
    #expect(problem["type"]?.string == "urn:petrel:problem:\(code)")
    #expect(problem["title"]?.string?.isEmpty == false)
    #expect(problem["detail"]?.string?.isEmpty == false, "says how to mend it: \(message.text)")
    if message.status == 429 || message.status == 503 { #expect(message.fields["retry-after"] != nil) }
  }

  /// Whether an honest sender is answered within a second; one late answer is the machine's, not ours.
  func servesOthers() throws -> Bool {
    for _ in 0..<3 {
      let start = Installation.seconds()
      let answer = try deliver(#"{"text":""}"#)
      if answer.status == 202, Installation.seconds() - start < 1 { return true }
    }
    return false
  }

  /// A sound delivery under an id of its own.
  func deliver(_ body: String) throws -> Message {
    try installation.deliver(body, id: "delivery-\(UInt64.random(in: 0...UInt64.max))")
  }

  /// What the admin interface says to an administrator.
  func admin(_ target: String) throws -> Message {
    try Socket(port: installation.adminPort)
      .exchange("GET", target, fields: [("Authorization", "Bearer \(token)")])
  }

  /// Delivers `body`, waits until what it started has ended, and shows that.
  func outcome(of body: String) throws -> JSON {
    let answer = try JSON.parse(try deliver(body).body)
    let execution = try #require(answer["executions"]?.array?.last?.string, "\(answer.text)")
    var shown = JSON.null
    let ended = try Installation.until {
      shown = try JSON.parse(admin("/api/executions/\(execution)").body)
      return ["succeeded", "failed"].contains(shown["status"]?.string)
    }
    try #require(ended, "\(shown.text)")
    return shown
  }
}

extension Message {
  /// An answer whose connection has ended; nil where there was none.
  init?(answer bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("HTTP/1."), let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    self.init(start: String(lines.first ?? ""), fields: fields, body: Array(text[end.upperBound...].utf8))
  }
}
