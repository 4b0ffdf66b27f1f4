import RelayDocuments
import RelayExpressions
import RelayModel
import RelaySandbox
import RelayWorkflow
import Testing

@Suite struct CodeStepTests {
  /// `code` is a JSON value.
  private func script(_ code: String, step: String = "", items: [(name: String, value: Value)] = []) throws
    -> Script
  {
    let read = try workflow(#"{"id":"c"\#(step),"code":\#(code)}"#)
    guard case .code(let code) = read.steps[1].verb else { throw StepError(.badValue, "no code step") }
    var scope = try sampleScope()
    scope.items = items
    return try code.script(in: scope, timeout: read.steps[1].timeout, seed: "exe_1:c")
  }

  private func input(_ code: String, items: [(name: String, value: Value)] = []) throws -> JSON {
    try JSON.parse(try script(code, items: items).input)
  }

  @Test func `the short form is the script itself`() throws {
    let script = try script(#""return 1""#)
    #expect(script.source == "return 1")
    #expect(script.memory == .mebibytes(64))
    #expect(script.timeout == .seconds(30))
    #expect(script.input == Array("{}".utf8))
  }

  @Test func `the long form says what the script sees and may use`() throws {
    let script = try script(
      #"{"lua":"return with.t","with":{"t":"{{ steps.first.title }}","n":[1,"{{ vars.host }}"]},"memory":"8MiB"}"#,
      step: #","timeout":"2s""#)
    #expect(String(decoding: script.input, as: UTF8.self) == #"{"with":{"t":"T & U","n":[1,"internal"]}}"#)
    #expect(script.memory == .mebibytes(8))
    #expect(script.timeout == .seconds(2))
  }

  @Test func `a script sees the names that it speaks of`() throws {
    let seen = try input(#""return event.body.n, steps, vars, execution.id""#)
    #expect(seen.object?.members.map(\.name) == ["event", "vars", "execution", "steps"])
    #expect(seen["event"]?["body"]?["n"] == .number(JSONNumber(text: "1.10")))
    #expect(seen["event"]?["received_at"]?.string?.hasPrefix("2026-") == true)
    #expect(seen["event"]?["raw"] == nil)
    #expect(seen["execution"]?["id"] == "exe_1")
    #expect(seen["steps"]?["first"]?["title"] == "T & U")
  }

  @Test func `raw comes where the script speaks of it`() throws {
    #expect(try input(#""return event.raw""#)["event"]?["raw"]?.string?.isEmpty == false)
  }

  @Test func `an element of a loop has its name`() throws {
    #expect(try input(#""return item""#, items: [("item", .int(7))])["item"] == 7)
    #expect(try input(#""return items""#, items: [("item", .int(7))])["item"] == nil)
  }

  @Test func `braces in the script are Lua's`() throws {
    #expect(try script(#""return {{1, 2}, {3, 4}}""#).source == "return {{1, 2}, {3, 4}}")
  }

  @Test func `the seed is the step's own`() throws {
    #expect(try script(#""return 1""#).seed == Script.seed(of: "exe_1:c"))
    #expect(Script.seed(of: "exe_1:c") != Script.seed(of: "exe_1:d"))
  }

  @Test func `what with asks for and is not there fails the step`() throws {
    #expect(throws: StepError.self) {
      try script(#"{"lua":"return 1","with":{"a":"{{ event.body.n + 'x' }}"}}"#)
    }
  }

  @Test(arguments: [
    (#""return (""#, "step c.code is not Lua 5.4: script:1: unexpected symbol near <eof>"),
    (#"{"lua":"x = = 1"}"#, "step c.code.lua is not Lua 5.4: script:1: unexpected symbol near '='"),
    (#""goto nowhere""#, "no visible label 'nowhere'"), (#"{}"#, "lua"), (#"7"#, "step c.code must be"),
    (#"{"lua":"return 1","with":[1]}"#, "with must be a mapping"),
    (#"{"lua":"return 1","memory":"1KiB"}"#, "must lie between 1MiB and 256MiB"),
    (#"{"lua":"return 1","memory":"1GiB"}"#, "must lie between 1MiB and 256MiB"),
    (#"{"lua":"return 1","wiht":{}}"#, "with"),
    (#"{"lua":"return 1","with":{"a":"{{ nope }}"}}"#, "no such name"),
    (#"{"lua":"return 1","with":{"a":"{{ steps.later }}"}}"#, "no step"),
    (#""\u001bLua""#, "attempt to load a binary chunk"),
  ])
  func `a step that cannot run is refused where it stands`(code: String, wanted: String) {
    let found = complaints(#"{"name":"w","on":{"hook":"github"},"steps":[{"id":"c","code":\#(code)}]}"#)
    #expect(found.contains { $0.contains(wanted) }, "\(found)")
  }

  @Test func `a script has a minute at most`() {
    let found = complaints(
      #"{"name":"w","on":{"hook":"github"},"steps":[{"id":"c","timeout":"2m","code":"return 1"}]}"#)
    #expect(found.count == 1 && found[0].contains("step c.timeout of a script is at most 1m"), "\(found)")
  }

  @Test func `a script that would take long to compile is refused`() {
    let long = String(repeating: "x = 1 ", count: 50_000)
    let found = complaints(
      #"{"name":"w","on":{"hook":"github"},"steps":[{"id":"c","code":"\#(long)"}]}"#)
    #expect(found.count == 1 && found[0].contains("longer than 256KiB"), "\(found)")
  }
}
