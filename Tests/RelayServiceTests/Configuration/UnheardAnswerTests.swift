import RelayDocuments
import RelayService
import Testing

@Suite struct UnheardAnswerTests {
  private func found(_ steps: String, waiting: Set<String>) throws -> [Diagnostic] {
    let folder = TestFolder()
    let file = try folder.write(
      "answer.json", "{ \"name\": \"answer\", \"on\": { \"hook\": \"slash\" },\n\"steps\": [ \(steps) ] }")
    let listener = Listener(host: "127.0.0.1", port: 8080)
    let hooks = KnownHooks(names: ["slash", "other"], waiting: waiting, listener: listener)
    return WorkflowFolder.load(files: [file], hooks: hooks).diagnostics
  }

  private let step = #"{ "id": "say", "respond": { "text": "x" } }"#

  @Test func `an answer that no hook waits for is warned of, with its place`() throws {
    let all = try found(step, waiting: ["other"])
    #expect(
      all.map(\.message) == [
        "step say answers nobody: the hook slash does not wait for it; give the hook `respond: { timeout: 2500ms }`"
      ])
    #expect(all.first?.severity == .warning)
    #expect(all.first?.line == 2)
  }

  @Test func `so is one in a branch`() throws {
    let branch = #"{ "id": "s", "switch": [ { "if": "event.id == ''", "steps": [ \#(step) ] } ] }"#
    #expect(try found(branch, waiting: []).count == 1)
  }

  @Test func `an answer that its hook waits for is left alone`() throws {
    #expect(try found(step, waiting: ["slash"]).isEmpty)
  }
}
