import RelayDocuments
import Testing

/// Hooks that answer with what a workflow says, on the real binary.
@Suite struct RespondTests {
  private func installation(_ steps: String, timeout: String = "20s") throws -> Installation {
    let installation = try Installation(
      workflow: #"{ "name": "test", "on": { "hook": "github" }, "steps": [ \#(steps) ] }"#)
    let file = try installation.folder.read("petrel.yaml")
    try installation.folder.write(
      "petrel.yaml",
      file.replacing(#"bytes" } }"#, with: #"bytes" }, respond: { timeout: \#(timeout) } }"#))
    return installation
  }

  @Test func `the sender gets the workflow's answer, and its event is on disk`() throws {
    let installation = try installation(
      #"""
      { "id": "show", "respond": { "status": 201, "headers": { "X-Name": "{{ event.body.name }}" },
        "json": { "text": "hello {{ event.body.name }}" } } }
      """#)
    let relay = try installation.start()
    defer { relay.destroy() }
    let answer = try installation.deliver(#"{"name":"Ada"}"#, id: "d-1")
    #expect(answer.status == 201)
    #expect(answer.fields["x-name"] == "Ada")
    #expect(answer.fields["content-type"] == "application/json")
    #expect(try JSON.parse(answer.body) == ["text": "hello Ada"])
    let event = try #require(answer.fields["petrel-event-id"])
    #expect(try installation.admin("/api/events/\(event)")["id"] == .string(event))
    let again = try installation.deliver(#"{"name":"Ada"}"#, id: "d-1")
    #expect(again.status == 200)
    #expect(try JSON.parse(again.body)["duplicate"] == true)
  }

  @Test func `at the timeout it is 202, and the workflow goes on`() throws {
    let installation = try installation(
      #"{ "id": "pause", "wait": "1500ms" }, { "id": "show", "respond": { "text": "late" } }"#,
      timeout: "200ms")
    let relay = try installation.start()
    defer { relay.destroy() }
    let answer = try installation.deliver("{}", id: "d-1")
    #expect(answer.status == 202)
    let execution = try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
    #expect(
      try Installation.until {
        try installation.admin("/api/executions/\(execution)")["status"] == "succeeded"
      })
  }

  @Test func `a workflow that ends without an answer lets the sender go at once`() throws {
    let installation = try installation(#"{ "id": "no", "fail": "nothing to say" }"#, timeout: "60s")
    let relay = try installation.start()
    defer { relay.destroy() }
    #expect(try installation.deliver("{}", id: "d-1").status == 202)
    #expect(try installation.deliver("{}", id: "d-2").status == 202)
  }
}
