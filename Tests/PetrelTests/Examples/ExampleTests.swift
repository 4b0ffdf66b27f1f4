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
    let expected = example.expected["dry"]?.array ?? example.expected["requests"]?.array ?? []
    try #require(shown.count == expected.count, "\(run.output)")
    for (request, wanted) in zip(shown, expected) {
      #expect(request["method"] == wanted["method"])
      #expect(request["url"] == wanted["url"])
      let fields =
        request["headers"]?.object?.members.map { ($0.name.lowercased(), $0.value.string ?? "") } ?? []
      Example.expect(Dictionary(fields, uniquingKeysWith: { first, _ in first }), wanted)
      try Example.expect(body: request["body"]?.string ?? "", wanted)
    }
  }

  @Test(arguments: names)
  func `a recipe sends what is expected to a real destination`(name: String) throws {
    let example = try Example(name)
    let answers = example.expected["answers"]?.array ?? []
    let sink = try Sink { _, before in
      .raw(Example.answer(answers.indices.contains(before) ? answers[before] : nil))
    }
    defer { sink.close() }
    try example.point(to: sink)
    let run = try example.run()
    let status = try #require(example.expected["status"])
    #expect(try run.json["status"] == status, "\(run.output)\(run.messages)")
    #expect(run.status == (status == "succeeded" ? 0 : 1))
    let expected = example.expected["requests"]?.array ?? []
    try #require(sink.deliveries.count == expected.count, "\(run.output)")
    for (delivery, wanted) in zip(sink.deliveries, expected) {
      #expect(delivery.method == wanted["method"]?.string)
      #expect("https:/\(delivery.path)" == wanted["url"]?.string)
      Example.expect(delivery.fields, wanted)
      try Example.expect(body: delivery.body, wanted)
    }
  }

  @Test func `the list of examples names every recipe, and nothing else`() throws {
    let text = try Folder.text(of: "\(Example.root)/README.md")
    let listed = text.matches(of: /\]\(([a-z-]+)\/?\)/).map { String($0.1) }
    #expect(listed.sorted() == Self.names)
    #expect(Self.names.count >= 8)
  }
}
