import Glibc
import RelayDocuments
import Testing

/// Every recipe of `examples/` does what its `expected.json` says: dry, and against a real destination.
@Suite(.timeLimit(.minutes(2))) struct ExampleTests {
  static let names: [String] = {
    guard let stream = unsafe opendir(Example.root) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix("."), unsafe access("\(Example.root)/\(name)/petrel.yaml", R_OK) == 0 {
        names.append(name)
      }
    }
    return names.sorted()
  }()

  @Test(arguments: names)
  func `a recipe is sound`(name: String) throws {
    let example = try Example(name)
    let check = try CommandRun(["check", "--config", example.configuration], environment: example.secrets)
    #expect(check.status == 0, "\(check.output)\(check.messages)")
    #expect(try example.folder.read("README.md").split(separator: "\n").count == 3)
  }

  @Test(arguments: names)
  func `a dry run of a recipe shows what it would send, and sends nothing`(name: String) throws {
    let example = try Example(name)
    let run = try example.run("--dry-run")
    #expect(run.status == 0, "\(run.output)\(run.messages)")
    #expect(!run.messages.contains("would not start it"), "its event starts it")
    let steps = try run.json["steps"]?.array ?? []
    let shown = steps.flatMap { $0["attempts"]?.array ?? [] }.compactMap { $0["request"] }
      .filter { $0["url"] != nil }
    let expected = example.expected["dry"]?.array ?? example.expected["requests"]?.array ?? []
    try #require(shown.count == expected.count, "\(run.output)")
    for (request, wanted) in zip(shown, expected) {
      #expect(request["method"] == wanted["method"])
      Example.expect(request["url"]?.string, wanted["url"]?.string, "url")
      let fields =
        request["headers"]?.object?.members.map { ($0.name.lowercased(), $0.value.string ?? "") } ?? []
      Example.expect(Dictionary(fields, uniquingKeysWith: { first, _ in first }), wanted)
      try Example.expect(body: request["body"]?.string ?? "", wanted)
    }
  }

  @Test(arguments: names)
  func `a recipe sends what is expected to a real destination`(name: String) throws {
    let example = try Example(name)
    // A run in the foreground has nobody to decide.
    if example.decision != nil { return }
    let sink = try sink(for: example)
    defer { sink.close() }
    let run = try example.run()
    let status = try #require(example.expected["status"])
    #expect(try run.json["status"] == status, "\(run.output)\(run.messages)")
    #expect(run.status == (status == "succeeded" ? 0 : 1))
    try example.expectRequests(sink, run.output)
  }

  @Test(arguments: names)
  func `a recipe that asks for a decision goes on with it on a running relay`(name: String) throws {
    let example = try Example(name)
    guard let decision = example.decision else { return }
    let sink = try sink(for: example)
    defer { sink.close() }
    let (relay, port) = try example.serve()
    defer { relay.destroy() }
    let sent = try example.send(to: port)
    #expect(sent.status == 0, "\(sent.output)\(sent.messages)")
    #expect(Installation.until { !sink.deliveries.isEmpty })
    let link = try #require(sink.deliveries.first?.body.firstMatch(of: /\/approvals\/[A-Za-z0-9_-]+/)?.output)
    // The question is out before the wait is on record.
    let isDecided = try Installation.until {
      try Socket(port: port).exchange(
        "POST", String(link), fields: [("Content-Type", "application/x-www-form-urlencoded")],
        body: Array(decision.utf8)
      ).status == 200
    }
    #expect(isDecided)
    let wanted = example.expected["requests"]?.array?.count ?? 0
    #expect(Installation.until { sink.deliveries.count >= wanted })
    try example.expectRequests(sink, "")
  }

  /// What answers as the recipe expects, with the recipe's workflow pointed to it.
  private func sink(for example: Example) throws -> Sink {
    let answers = example.expected["answers"]?.array ?? []
    let sink = try Sink { _, before in
      .raw(Example.answer(answers.indices.contains(before) ? answers[before] : nil))
    }
    try example.point(to: sink)
    return sink
  }

  @Test func `the list of examples names every recipe, and nothing else`() throws {
    let text = try Folder.text(of: "\(Example.root)/README.md")
    let listed = text.matches(of: /\]\(([a-z-]+)\/?\)/).map { String($0.1) }
    #expect(listed.sorted() == Self.names)
    #expect(Self.names.count >= 8)
  }
}
