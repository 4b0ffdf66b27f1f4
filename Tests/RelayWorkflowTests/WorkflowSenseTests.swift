import RelayDocuments
import RelayWorkflow
import Testing

/// Documents that could be run, and would not do what was meant.
@Suite struct WorkflowSenseTests {
  /// What is told of a workflow whose steps these are; the first stands in line 3.
  private func found(_ steps: String, on: String = #"{"hook":"github"}"#, hooks: [String]? = nil)
    -> [Diagnostic]
  {
    let diagnostics = Diagnostics(file: "w.json")
    let text = "{\"name\":\"w\",\n \"on\":\(on), \"steps\":[\n\(steps)]}"
    _ = Workflow(document: Array(text.utf8), hooks: hooks, diagnostics)
    return diagnostics.all
  }

  @Test func `a step after the end is told, once, and at its place`() {
    let steps = """
      {"id":"a","set":{}},
      {"id":"b","stop":"done"},
      {"id":"c","set":{}},
      {"id":"d","set":{}}
      """
    #expect(
      found(steps).map(\.description) == [
        "w.json:5:1: is never reached: step b ends the execution before; give that an if, or remove what follows"
      ])
  }

  @Test func `an end that depends, or stands last, hides nothing`() {
    #expect(found(#"{"id":"b","if":"event.id == ''","stop":"done"},{"id":"c","fail":"x"}"#).isEmpty)
    let branch =
      #"{"id":"s","switch":[{"if":"event.id == ''","steps":[{"id":"b","fail":"x"}]}]},{"id":"c","set":{}}"#
    #expect(found(branch).isEmpty)
  }

  @Test func `a condition that is no condition is refused`() {
    #expect(
      found(#"{"id":"a","if":"event.id","set":{}}"#).map(\.message) == [
        "a condition wants true or false, not string (column 1 of the expression)"
      ])
    #expect(found(#"{"id":"a","set":{"x":"{{ 1 + 'a' }}"}}"#).count == 1)
    #expect(
      found(#"{"id":"a","set":{}}"#, on: #"{"hook":"github","if":"event.received_at == 1"}"#).count == 1)
    #expect(found(#"{"id":"a","http":{"url":"https://a.example","expect":"response.status"}}"#).count == 1)
  }

  @Test(arguments: [
    ("event.type == 5", #""==" of string and int is always false"#),
    ("event.type != 5", #""!=" of string and int is always true"#),
    ("event.type < 5", #""<" does not take string and int"#),
    ("event.type", "a condition wants true or false, not string"),
    ("event.type.name == 'x'", #"a string has no member "name""#),
  ])
  func `what may be null is judged by its kind where null does no better`(condition: String, message: String)
  {
    let all = found(#"{"id":"a","if":"\#(condition)","set":{}}"#)
    #expect(all.count == 1)
    #expect(all.first?.message.hasPrefix(message) == true, "\(all)")
  }

  @Test(arguments: [
    "event.type == null", "event.type != null && event.type == 'x'", "event.type in ['x', null]",
    "event.type == 'x' || event.type == event.body.kind",
  ])
  func `what may be null may be asked for it`(condition: String) {
    #expect(found(#"{"id":"a","if":"\#(condition)","set":{}}"#).isEmpty)
  }

  @Test(arguments: [
    #"{"url":"https://a.example","json":{"key":"SECRET"}}"#,
    #"{"url":"https://a.example","headers":{"Authorization":"Bearer SECRET"}}"#,
    #"{"url":"https://a.example/?key=SECRET"}"#,
  ])
  func `a credential in plain text is refused, with its place and without itself`(http: String) {
    let secret = "ghp_" + String(repeating: "aB3", count: 12)
    let step = #"{"id":"a","http":\#(http)}"#.replacing("SECRET", with: secret)
    let errors = found(step).filter { $0.severity == .error }
    #expect(errors.count == 1)
    #expect(errors.first?.line == 3)
    #expect(errors.first?.message.contains("by its looks one of GitHub") == true)
    #expect(!found(step).contains { $0.description.contains(secret) })
  }

  @Test func `credentials of no known looks are warned of where credentials stand`() {
    let step =
      #"{"id":"a","http":{"url":"https://a.example","headers":{"X-Api-Key":"1234","Accept":"text/plain"}}}"#
    #expect(found(step).map(\.severity) == [.warning])
    #expect(found(step).first?.message.contains(#"auth: {"header": {"name": "X-Api-Key""#) == true)
    let computed =
      #"{"id":"a","http":{"url":"https://a.example","headers":{"X-Api-Key":"{{ event.body.key }}"}}}"#
    #expect(found(computed).isEmpty)
  }

  @Test func `what was taken before is run, whatever sense it makes`() {
    let diagnostics = Diagnostics(file: "stored", isLenient: true)
    let secret = "ghp_" + String(repeating: "aB3", count: 12)
    let text = """
      {"name":"w","steps":[{"id":"a","if":"event.id","stop":"\(secret)"},{"id":"b","fail":"x"},{"id":"c","set":{"n":"{{ 1 + 'a' }}"}}]}
      """
    #expect(Workflow(document: Array(text.utf8), diagnostics) != nil)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
  }

  @Test func `an unknown hook is told beside everything else`() {
    let all = found(
      #"{"id":"a","set":{"x":"{{ steps.b.c }}"}}"#, on: #"{"hook":"githup"}"#, hooks: ["github"])
    #expect(all.count == 2)
    #expect(
      all.contains {
        $0.line == 2
          && $0.message == #"on.hook: the configuration has no hook "githup"; did you mean "github"?"#
      })
  }
}
