import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// A failed execution that goes on with another version of its workflow.
@Suite struct VersionMoveTests {
  private let bench: EngineBench

  init() throws { bench = try EngineBench() }

  private static func document(_ steps: String) -> String { #"{"name":"sample","steps":\#(steps)}"# }
  private static func call(_ id: String, _ path: String = "") -> String {
    #"{"id":"\#(id)","http":{"url":"https://x.example/\#(path.isEmpty ? id : path)"}}"#
  }

  /// Runs the first version up to its second call, which fails, and retries with the other.
  private func retry(_ before: String, _ after: String) throws -> RecordKey {
    let key = try bench.accept(Self.document(before))
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    bench.transport.answer(400, number: bench.transport.sent.count - 1)
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    let number = try bench.register(Self.document(after))
    let places = try VersionMove.places(
      record, journal: try bench.journal(key), attempts: try bench.store.read { try $0.attempts(of: key) },
      from: try program(record.version), to: try program(number))
    _ = try bench.store.perform(
      RetryExecution(
        execution: key, version: .other(number, places: places, of: record.revision), now: bench.time.now()))
    bench.settle()
    return key
  }

  private func program(_ number: UInt32) throws -> Program {
    var cache = ProgramCache()
    return try cache.program(number, bench.store).get()
  }

  @Test func `it goes on at the step of the same name, and nothing that is done is done again`() throws {
    let key = try retry(
      "[\(Self.call("first")),\(Self.call("second"))]",
      #"[{"id":"new","set":{"n":1}},\#(Self.call("first")),{"id":"also","set":{}},\#(Self.call("second", "mended"))]"#
    )
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/mended"])
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.journal(key).map(\.name) == ["first", "second"])
    #expect(try bench.journal(key).map(\.path.step) == [1, 3])
    let attempts = try bench.store.read { try $0.attempts(of: key) }
    #expect(attempts.map(\.path.step) == [1, 3, 3], "the failed attempt went with its step")
    #expect(try bench.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a step inside others is found by its way`() throws {
    let before = """
      [\(Self.call("first")),{"id":"route","switch":[{"if":"true","steps":[\(Self.call("second"))]}]}]
      """
    let after = """
      [{"id":"new","set":{}},\(Self.call("first")),{"id":"route","switch":[{"if":"true","steps":[{"id":"more","set":{}},
        \(Self.call("second", "mended"))]}]}]
      """
    let key = try retry(before, after)
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/mended"])
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `the outcome of a step that is gone goes with it`() throws {
    let key = try retry(
      "[\(Self.call("first")),\(Self.call("second"))]", "[\(Self.call("second", "mended"))]")
    bench.transport.answer(200, number: bench.transport.sent.count - 1)
    bench.settle()
    #expect(try bench.journal(key).map(\.name) == ["second"])
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `without the failed step it is refused`() throws {
    let error = #expect(throws: ProgramError.self) {
      try retry("[\(Self.call("first")),\(Self.call("second"))]", "[\(Self.call("first"))]")
    }
    #expect(error?.message.hasPrefix("The version that runs now has no step second") == true)
  }

  @Test func `a step that is done must not come after the failed one`() throws {
    let error = #expect(throws: ProgramError.self) {
      try retry(
        "[\(Self.call("first")),\(Self.call("second"))]", "[\(Self.call("second")),\(Self.call("first"))]")
    }
    #expect(error?.message.contains("the step first, which is done, comes after second") == true)
  }
}
