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

  /// Compares the fields that matter; `*` stands for any value.
  static func expect(_ fields: [String: String], _ wanted: JSON) {
    for member in wanted["headers"]?.object?.members ?? [] {
      let value = fields[member.name]
      if member.value == "*" {
        #expect(value?.isEmpty == false, "\(member.name) is missing")
      } else {
        #expect(value == member.value.string, "\(member.name)")
      }
    }
  }

  /// Compares a body as JSON, or as text where the recipe gives text.
  static func expect(body: String, _ wanted: JSON) throws {
    guard let value = wanted["body"], value.string == nil else {
      #expect(body == wanted["body"]?.string ?? "")
      return
    }
    #expect(try JSON.parse(text: body) == value)
  }
}
