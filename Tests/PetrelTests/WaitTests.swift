import RelayDocuments
import Testing

/// Workflows that wait for what happens outside, on the real binary.
@Suite struct WaitTests {
  private let payment = """
    { "name": "test", "on": { "hook": "github", "if": "has(event.body.id)" },
      "steps": [
        { "id": "paid", "wait": { "event": { "hook": "github", "key": "event.body.order", "equals": "event.body.id" },
          "timeout": "1h" } },
        { "id": "send", "set": { "by": "{{ steps.paid.body.by }}" } } ] }
    """

  private func id(_ answer: Message) throws -> String {
    try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
  }

  private func status(_ execution: String, _ installation: Installation) throws -> JSON? {
    try installation.admin("/api/executions/\(execution)")["status"]
  }

  @Test func `a wait for an event survives a kill and goes on with the event`() throws {
    let installation = try Installation(workflow: payment)
    let relay = try installation.start()
    let execution = try id(try installation.deliver(#"{"id":7}"#, id: "d-1"))
    #expect(try Installation.until { try status(execution, installation) == "waiting" })
    relay.destroy()
    let again = try installation.start()
    defer { again.destroy() }
    #expect(try installation.deliver(#"{"order":8,"by":"x"}"#, id: "d-2").status == 202)
    #expect(try installation.command("executions", "show", execution).output.contains("waiting for an event"))
    #expect(try installation.deliver(#"{"order":7,"by":"card"}"#, id: "d-3").status == 202)
    #expect(try Installation.until { try status(execution, installation) == "succeeded" })
    let steps = try installation.admin("/api/executions/\(execution)")["steps"]?.array
    #expect(steps?.last?["output"] == ["by": "card"])
    #expect(steps?.first?["output"]?["body"]?["order"] == 7)
  }

  @Test func `a dry run says what it would wait for, and goes on`() throws {
    let installation = try Installation(workflow: payment)
    try installation.folder.write("event.json", #"{"id":7}"#)
    let (status, output) = try installation.command(
      "run", "test", "--event", "\(installation.folder.path)/event.json", "--dry-run")
    #expect(output.contains("would wait for an event of the hook github, until "))
    #expect(status == 0, "\(output)")
  }
}
