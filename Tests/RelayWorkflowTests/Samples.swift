import RelayDocuments
import RelayExpressions
import RelayModel
import RelayWorkflow
import Testing

/// A request as a provider sends it.
func sampleRequest(
  body: String = #"{"action":"opened","n":1.10,"id":"a/b?c","cb":"https://evil.example/x","crlf":"a\r\nb"}"#,
  type: String? = "application/json", target: String = "/hooks/github?a=1&b=x%20y&a=2",
  headers: [(String, String)] = [("X-GitHub-Event", "issues"), ("X-Twice", "1"), ("x-twice", "2")]
) -> IncomingRequest {
  IncomingRequest(
    method: "POST", target: target,
    headers: HeaderFields(headers + (type.map { [("Content-Type", $0)] } ?? [])),
    body: Array(body.utf8), receivedAt: Timestamp(milliseconds: 1_790_000_000_123), client: "192.0.2.1")
}

func sampleEvent(_ request: IncomingRequest = sampleRequest()) -> EventValue {
  EventValue(id: "evt_1", type: "issues", hook: "github", request: request)
}

func sampleScope(_ request: IncomingRequest = sampleRequest()) throws -> WorkflowScope {
  WorkflowScope(
    event: sampleEvent(request),
    vars: Value(try JSON.parse(text: #"{"base":"http://10.0.0.1:9000/api","host":"internal"}"#)),
    execution: ExecutionFacts(id: "exe_1", workflow: "w", version: "abc", startedAt: Timestamp(seconds: 1)),
    steps: JSONObject([("first", ["title": "T & U", "tags": ["a", "b"], "none": JSON.null])]))
}

/// Reads a document and tells everything that is wrong with it.
func complaints(_ document: String) -> [String] {
  let diagnostics = Diagnostics(file: "w.json")
  let workflow = Workflow(document: Array(document.utf8), diagnostics)
  #expect((workflow == nil) == diagnostics.hasErrors)
  return diagnostics.all.map(\.description)
}

/// A workflow with these steps, after a `set` step `first`.
func workflow(_ steps: String) throws -> Workflow {
  let diagnostics = Diagnostics(file: "w.json")
  let document = #"{"name":"w","on":{"hook":"github"},"steps":[{"id":"first","set":{}},\#(steps)]}"#
  let workflow = Workflow(document: Array(document.utf8), diagnostics)
  #expect(diagnostics.all == [])
  return try #require(workflow)
}

/// The `http` verb of a workflow with one such step.
func httpStep(_ body: String) throws -> HTTPStep {
  let read = try workflow(#"{"id":"call","http":\#(body)}"#)
  guard case .http(let step) = read.steps[1].verb else { throw StepError(.badValue, "no http step") }
  return step
}
