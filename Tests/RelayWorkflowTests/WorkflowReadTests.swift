import RelayDocuments
import RelayHTTP
import RelayModel
import RelayWorkflow
import Testing

@Suite struct WorkflowReadTests {
  private static let full = #"""
    {
      "$schema": "schema/workflow.schema.json",
      "name": "issue-alert",
      "on": { "hook": "github", "if": "event.type == 'issues' && event.body.action == 'opened'", "priority": 3 },
      "retry": { "initial": "2s", "factor": 3, "max": "2h", "jitter": "none", "for": "3d", "attempts": 9 },
      "steps": [
        { "id": "summary", "set": { "title": "{{ event.body.issue.title.trim() }}",
          "urgent": "{{ 'bug' in event.body.issue.labels.map(l, l.name) }}" } },
        { "id": "pause", "wait": "10m", "if": "steps.summary.urgent" },
        { "id": "store", "name": "Store it", "timeout": "5s", "continueOnError": true, "retry": {"attempts": 2},
          "http": { "method": "PUT", "url": "https://tracker.example.com/items/{{ event.id }}",
            "json": { "title": "{{ steps.summary.title }}" }, "expect": "response.status == 201",
            "auth": {"bearer": "vault:tracker"}, "follow": true } },
        { "id": "pass", "forward": { "url": "http://127.0.0.1:9000/in",
          "sign": { "provider": "standard-webhooks", "secret": "env:X", "tolerance": "5m" } } },
        { "id": "done", "stop": "all well {{ execution.id }}" }
      ],
      "onFailure": [ { "id": "store", "http": { "url": "https://ops.example.com:8443/alerts",
        "json": { "error": "{{ failure.message }}", "first": "{{ steps.summary.title }}" } } },
        {"id": "end", "fail": {"message": "told"}} ]
    }
    """#

  private func read() throws -> Workflow {
    let diagnostics = Diagnostics(file: "w.json")
    let workflow = Workflow(document: Array(Self.full.utf8), diagnostics)
    #expect(diagnostics.all == [])
    return try #require(workflow)
  }

  @Test func `a whole document is read`() throws {
    let workflow = try read()
    #expect(workflow.name == "issue-alert")
    #expect(workflow.trigger.hook == "github")
    #expect(workflow.trigger.priority == 3)
    #expect(workflow.steps.map(\.verb.name) == ["set", "wait", "http", "forward", "stop"])
    #expect(workflow.steps.map(\.verb.hasEffect) == [false, true, true, true, false])
    #expect(workflow.onFailure.map(\.id) == ["store", "end"])
    let store = workflow.steps[2]
    #expect(store.name == "Store it")
    #expect(store.timeout == .seconds(5))
    #expect(store.continueOnError)
    #expect(store.position == DocumentPosition(line: 10, column: 5))
    #expect(workflow.steps[0].timeout == .seconds(30))
  }

  @Test func `a step's retry says only what differs from the workflow's`() throws {
    let workflow = try read()
    #expect(workflow.retry.backoff == Backoff(initial: .seconds(2), factor: 3, max: .seconds(7200)))
    #expect(workflow.retry.jitter == .none)
    #expect(workflow.retry.span == .seconds(3 * 86_400))
    #expect(workflow.steps[2].retry.attempts == 2)
    #expect(workflow.steps[2].retry.backoff == workflow.retry.backoff)
    #expect(workflow.steps[3].retry.attempts == 9)
  }

  @Test func `without a retry the contract's defaults hold`() throws {
    let policy = try workflow(#"{"id":"a","wait":"1s"}"#).retry
    #expect(policy.backoff == Backoff(initial: .seconds(1), factor: 2, max: .seconds(3600)))
    #expect(policy.jitter == .full)
    #expect(policy.span == .seconds(7 * 86_400))
    #expect(policy.attempts == nil)
  }

  @Test func `secrets that are written out are found`() throws {
    let workflow = try read()
    #expect(
      workflow.secrets.map { "\($0.step.id) \($0.reference)" } == ["store vault:tracker", "pass env:X"])
  }

  @Test func `what is signed keeps the scheme's own words and not the secret`() throws {
    guard case .forward(let forward) = try read().steps[3].verb else { throw StepError(.badValue, "forward") }
    #expect(forward.sign?.provider == "standard-webhooks")
    #expect(forward.sign?.scheme.json.text == #"{"provider":"standard-webhooks","tolerance":"5m"}"#)
  }

  @Test func `an event matches by its hook and the condition`() throws {
    let workflow = try read()
    let empty = try sampleScope().vars
    #expect(try workflow.matches(sampleEvent(), vars: empty))
    let closed = sampleEvent(sampleRequest(body: #"{"action":"closed"}"#))
    #expect(try !workflow.matches(closed, vars: empty))
    let other = EventValue(id: "e", type: "issues", hook: "stripe", request: sampleRequest())
    #expect(try !workflow.matches(other, vars: empty))
    let bare = sampleEvent(sampleRequest(body: "{}"))
    #expect(throws: (any Error).self) { try workflow.matches(bare, vars: empty) }
  }
}
