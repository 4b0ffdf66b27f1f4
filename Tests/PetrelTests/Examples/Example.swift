import RelayDocuments
import Testing

/// A copy of one recipe, which a test may change and run.
struct Example {
  static let root = "\(RelayProcess.repository)/examples"
  private static let files = ["README.md", "petrel.yaml", "event.json", "expected.json"]

  let name: String
  let folder: Folder
  let expected: JSON
  /// Values for every variable of the environment that the recipe names.
  let secrets: [String: String]

  init(_ name: String) throws {
    self.name = name
    folder = try Folder()
    var text = ""
    for file in Self.files + ["workflows/\(name).json"] {
      let content = try Folder.text(of: "\(Self.root)/\(name)/\(file)")
      try folder.write(file, content)
      text += content
    }
    expected = try JSON.parse(text: folder.read("expected.json"))
    let variables = text.matches(of: /env:([A-Z_]+)/).map { String($0.1) }
    secrets = Dictionary(
      variables.map { ($0, "c2VjcmV0LW9mLSQwLWJ5dGVzLQ==") }, uniquingKeysWith: { first, _ in first })
  }

  var configuration: String { "\(folder.path)/petrel.yaml" }

  /// `petrel run` on the recipe's own event.
  func run(_ more: String...) throws -> CommandRun {
    try CommandRun(
      ["run", name, "--event", "event.json", "--config", "petrel.yaml", "--json"] + more,
      environment: secrets,
      in: folder.path)
  }

  /// Sends what went to `https://HOST/…` to `/HOST/…` of `sink`, and waits for nothing.
  func point(to sink: Sink) throws {
    let file = "workflows/\(name).json"
    let workflow = try folder.read(file)
      .replacing("https://", with: "http://127.0.0.1:\(sink.port)/")
      .replacing(/"wait": "[0-9]+[smh]"/, with: #""wait": "1ms""#)
      .replacing(/"until": "[^"]+"/, with: #""until": "1970-01-01T00:00:00Z""#)
    try folder.write(file, workflow)
  }

  /// An answer as `expected.json` describes it: 200 and an empty object unless it says otherwise.
  static func answer(_ described: JSON?) -> [UInt8] {
    let body = (described?["body"] ?? .object(JSONObject())).serialized()
    let head =
      "HTTP/1.1 \(described?["status"]?.int ?? 200) Answer\r\nContent-Type: application/json\r\nConnection: close\r\n"
      + "Content-Length: \(body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }

  /// What is expected of a recipe that asks for an approval and is answered, as a form.
  var decision: String? {
    expected["decision"]?.object.map { decision in
      decision.members.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: "&")
    }
  }

  /// The relay of the recipe, on ports of its own.
  func serve() throws -> (relay: RelayProcess, port: UInt16) {
    let port = try Installation.freePort()
    let ports = [
      "PETREL_LISTEN": "127.0.0.1:\(port)",
      "PETREL_ADMIN_LISTEN": "127.0.0.1:\(try Installation.freePort())",
    ]
    let relay = try RelayProcess(
      ["serve", "--config", configuration], log: "\(folder.path)/relay.log",
      environment: secrets.merging(ports) { _, port in port })
    guard Installation.isReady(port) else {
      relay.destroy()
      throw RelayProcess.Failure.notReady(try folder.read("relay.log"))
    }
    return (relay, port)
  }

  /// Signs the recipe's event and posts it to its running relay.
  func send(to port: UInt16) throws -> CommandRun {
    let event = try JSON.parse(text: folder.read("event.json"))
    let body = try folder.write(
      "body.json", String(decoding: (event["body"] ?? .null).serialized(), as: UTF8.self))
    let headers = (event["headers"]?.object?.members ?? []).flatMap {
      ["--header", "\($0.name): \($0.value.string ?? "")"]
    }
    return try CommandRun(
      ["send", try #require(hook), body, "--config", configuration] + headers,
      environment: secrets.merging(["PETREL_LISTEN": "127.0.0.1:\(port)"]) { _, port in port })
  }

  private var hook: String? {
    get throws { try JSON.parse(text: folder.read("workflows/\(name).json"))["on"]?["hook"]?.string }
  }

  /// Holds what was delivered to `sink` against the expected requests.
  func expectRequests(_ sink: Sink, _ output: @autoclosure () -> String) throws {
    let expected = expected["requests"]?.array ?? []
    try #require(sink.deliveries.count == expected.count, "\(output())")
    for (delivery, wanted) in zip(sink.deliveries, expected) {
      #expect(delivery.method == wanted["method"]?.string)
      Self.expect("https:/\(delivery.path)", wanted["url"]?.string, "url")
      Self.expect(delivery.fields, wanted)
      try Self.expect(body: delivery.body, wanted)
    }
  }

  /// Compares a text in which `*` stands for any part, where it differs from run to run.
  static func expect(_ found: String?, _ wanted: String?, _ what: String) {
    guard let wanted, wanted.contains("*") else {
      #expect(found == wanted, "\(what)")
      return
    }
    var rest = (found ?? "")[...]
    let parts = wanted.split(separator: "*", omittingEmptySubsequences: false)
    var fits = found?.isEmpty == false && rest.hasPrefix(parts[0])
    for part in parts.dropLast() where fits && !part.isEmpty {
      guard let place = rest.firstRange(of: part) else {
        fits = false
        break
      }
      rest = rest[place.upperBound...]
    }
    #expect(fits && rest.hasSuffix(parts[parts.count - 1]), "\(what): \(found ?? "nothing") is not \(wanted)")
  }

  /// Compares the fields that matter.
  static func expect(_ fields: [String: String], _ wanted: JSON) {
    for member in wanted["headers"]?.object?.members ?? [] {
      expect(fields[member.name], member.value.string, member.name)
    }
  }

  /// Compares a body as JSON, or as text where the recipe gives text.
  static func expect(body: String, _ wanted: JSON) throws {
    guard let value = wanted["body"], value.string == nil else {
      #expect(body == wanted["body"]?.string ?? "")
      return
    }
    expect(try JSON.parse(text: body), value)
  }

  private static func expect(_ found: JSON, _ wanted: JSON) {
    guard let members = wanted.object?.members, let own = found.object?.members else {
      #expect(found == wanted)
      return
    }
    #expect(own.map(\.name) == members.map(\.name))
    for (one, other) in zip(own, members) {
      if let text = other.value.string {
        expect(one.value.string, text, other.name)
      } else {
        #expect(one.value == other.value, "\(other.name)")
      }
    }
  }
}
