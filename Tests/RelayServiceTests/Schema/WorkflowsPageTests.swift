import RelayDocuments
import RelayWorkflow
import Testing

@testable import RelayService

/// docs/WORKFLOWS.md shows documents and steps. Each of its snippets is read as the relay reads it, judged by the
/// schema, and run dry on an event that has what the page speaks of.
@Suite struct WorkflowsPageTests {
  private static let event = TrialEvent(
    Array(
      #"""
      { "type": "issues", "body": {
        "action": "opened", "issue": { "title": " It breaks " }, "due": "2026-01-01T20:00:00Z", "id": "o-7",
        "tag": "v1.2", "notes": "Two fixes", "sku": "S-1", "order": { "id": "o-7" }, "customer": "c-1",
        "product": { "id": "p-1" }, "host": "db-1", "text": "ACME", "email": " Ann@Example.com ", "tags": ["a", "b"],
        "lines": [ { "qty": 2, "cents": 150 }, { "qty": 1, "cents": 99 } ],
        "items": [ { "id": 1 }, { "id": 2 } ] } }
      """#.utf8))

  /// What requests are answered with, by the paths of their steps.
  private static let answers: [String: JSON] = [
    "price": answer(["price": 12]), "both/stock/ask": answer(["left": 3]),
    "both/price/ask": answer(["price": 9]),
  ]

  private static func answer(_ body: JSON) -> JSON {
    ["status": 200, "headers": ["content-type": "application/json"], "body": body]
  }

  /// What comes of a snippet: its requests, and what steps hold, by id or `id.member`.
  struct Outcome: Sendable {
    var requests: [String] = []
    var outputs: [String: JSON] = [:]
  }

  /// By the document's name, or the first step's id. Requests are in the order of their text.
  private static let outcomes: [String: Outcome] = [
    "issue-alert": Outcome(
      requests: [#"POST https://tracker.example.com/items {"title":"It breaks"}"#],
      outputs: ["summary": ["title": "It breaks"]]),
    "pause": Outcome(outputs: ["pause": .null]),
    "evening": Outcome(outputs: ["evening": .null]),
    "paid": Outcome(),
    "ask": Outcome(
      requests: [
        #"POST https://chat.example.com/hook {"text":"Deploy v1.2? LINK"}"#,
        #"POST https://ci.example.com/deploy {"tag":"v1.2"}"#,
      ]),
    "both": Outcome(
      requests: ["GET https://price.example.com/S-1", "GET https://stock.example.com/S-1"],
      outputs: ["offer": ["left": 3, "price": 9]]),
    "orders": Outcome(requests: ["POST https://erp.example.com/orders EVENT"]),
    "reindex": Outcome(requests: ["POST https://search.example.com/p-1"]),
    "warn": Outcome(requests: [#"POST https://pager.example.com/ {"host":"db-1"}"#]),
    "price": Outcome(
      requests: [
        "GET https://prices.example.com/ACME?fast=1",
        #"POST https://log.example.com/asked {"what":"ACME"}"#,
      ],
      outputs: ["show.body": ["text": "12 EUR"], "show.status": 200]),
    "enrich": Outcome(),
    "total": Outcome(outputs: ["total": 399]),
    "parts": Outcome(outputs: ["parts": [[1, 2]]]),
    "row": Outcome(
      outputs: [
        "row": [
          "fields": ["Email": "ann@example.com", "Tags": "a, b"], "lines": [["title": "From inbox"]],
        ]
      ]),
  ]

  private let schema = SchemaValidator(schema: Workflow.schema)

  @Test(arguments: WorkflowsPage.snippets)
  func `a snippet of the page is sound, and does what the page says`(snippet: Snippet) throws {
    let diagnostics = Diagnostics(file: "docs/WORKFLOWS.md")
    let document = Array(snippet.document.utf8)
    let workflow = try #require(Workflow(document: document, diagnostics), "\(diagnostics.all)")
    #expect(schema.complaints(about: try JSON.parse(document)) == [])
    let wanted = try #require(Self.outcomes[snippet.name], "the page shows what is not run here")
    let hook = try #require(workflow.trigger.hook)
    let trial = TrialRun(
      try read("hooks: { \(hook): { verify: none } }").configuration, environment: [:], dry: true,
      scripts: try Self.program())
    let file = WorkflowFile(
      path: "docs/WORKFLOWS.md", document: document, hash: [UInt8](repeating: 7, count: 32),
      workflow: workflow)
    #expect(trial.wouldStart(file, Self.event))
    let execution = try trial.run(file, Self.event, recorded: Self.answers) { _ in }
    #expect(execution["status"] == "succeeded", "\(execution.text)")
    let steps = execution["steps"]?.array ?? []
    #expect(steps.flatMap(requests).sorted() == wanted.requests)
    for (place, output) in wanted.outputs {
      #expect(value(at: place, in: steps) == output, "\(place): \(execution.text)")
    }
  }

  @Test func `every outcome is of a snippet that the page has`() {
    #expect(Set(WorkflowsPage.snippets.map(\.name)) == Set(Self.outcomes.keys))
  }

  /// The `petrel` of this build, which runs scripts.
  private static func program() throws -> String {
    let folder = CommandLine.arguments.first.map {
      $0.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }
    let repository = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
    let candidates = ["\(folder ?? "")/petrel", "\(repository)/.build/debug/petrel"]
    return try #require(candidates.first { LocalFile.exists($0) }, "run swift build")
  }

  /// What a step holds, or a member of it: `show.body`.
  private func value(at place: String, in steps: [JSON]) -> JSON? {
    let names = place.split(separator: ".").map(String.init)
    let step = steps.first { $0["id"]?.string == names[0] }
    return names.dropFirst().reduce(step?["output"]) { $0?[$1] }
  }

  /// `METHOD URL BODY`, with what no test can foresee by a word.
  private func requests(of step: JSON) -> [String] {
    (step["attempts"]?.array ?? []).compactMap { attempt in
      guard let request = attempt["request"], let method = request["method"]?.string,
        let url = request["url"]?.string, let body = request["body"]?.string
      else { return nil }
      let shown =
        body.hasPrefix(#"{"action""#)
        ? "EVENT" : body.replacing(/(https?:\/\/[^ ]*)?\/approvals\/[^"]+/, with: "LINK")
      return shown.isEmpty ? "\(method) \(url)" : "\(method) \(url) \(shown)"
    }
  }
}

/// A document or some steps that the page shows.
struct Snippet: Sendable, CustomTestStringConvertible {
  let text: String
  /// Of the document, or of the first step.
  let name: String

  init?(_ text: String) {
    guard let name = text.firstMatch(of: /"(id|name)": "([a-z-]+)"/)?.2 else { return nil }
    self.text = text
    self.name = String(name)
  }

  /// Snippets that begin with an `id` are steps, or several in a row.
  var document: String {
    guard text.hasPrefix(#"{ "id""#) else { return text }
    return #"{"name":"sample","on":{"hook":"inbox"},"steps":[\#(text)]}"#
  }

  var testDescription: String { name }
}

enum WorkflowsPage {
  /// What stands between fences of `json`.
  static let snippets: [Snippet] = {
    do {
      let page = try LocalFile.read("\(Repository.root)/docs/WORKFLOWS.md")
      return String(decoding: page, as: UTF8.self).matches(of: /```json\n((?s).*?)\n```/).compactMap {
        Snippet(String($0.1))
      }
    } catch {
      return []
    }
  }()
}
