import RelayDocuments
import Testing

/// Workflows that run others, on the real binary.
@Suite struct RunTests {
  private let parent = """
    { "name": "test", "on": { "hook": "github" },
      "steps": [
        { "id": "other", "run": { "workflow": "child", "with": { "n": "{{ event.body.n }}" } } },
        { "id": "after", "set": { "sum": "{{ steps.other.add.sum }}" } } ] }
    """

  private func installation(_ child: String) throws -> Installation {
    let installation = try Installation(workflow: parent)
    try installation.folder.write("workflows/child.json", child)
    return installation
  }

  @Test func `a workflow runs another, over a kill, and goes on with its outputs`() throws {
    let installation = try installation(
      #"""
      { "name": "child", "steps": [ { "id": "pause", "wait": "1500ms" },
        { "id": "add", "set": { "sum": "{{ event.body.n + 1 }}" } } ] }
      """#)
    let relay = try installation.start()
    let answer = try installation.deliver(#"{"n":4}"#, id: "d-1")
    let execution = try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
    #expect(
      try Installation.until {
        try installation.admin("/api/executions/\(execution)")["reason"] == "waiting for the workflow child"
      })
    relay.destroy()
    let again = try installation.start()
    defer { again.destroy() }
    #expect(
      try Installation.until {
        try installation.admin("/api/executions/\(execution)")["status"] == "succeeded"
      })
    let steps = try installation.admin("/api/executions/\(execution)")["steps"]?.array
    #expect(steps?.last?["output"] == ["sum": 5])
  }

  @Test func `a circle, and a workflow that is not there, are refused`() throws {
    let circle = try installation(
      #"{ "name": "child", "steps": [ { "id": "back", "run": { "workflow": "test" } } ] }"#)
    let (status, output) = try circle.command("check")
    #expect(status != 0)
    #expect(output.contains("step other.run.workflow: test runs child runs test: it would never end"))
    #expect(output.contains("child.json:1:"))
    let unknown = try installation(
      #"{ "name": "childs", "steps": [ { "id": "no", "stop": "x" } ] }"#)
    #expect(
      try unknown.command("check").output.contains(
        #"there is no workflow "child"; did you mean "childs"?"#))
  }

  @Test func `a dry run says what it would run`() throws {
    let installation = try installation(#"{ "name": "child", "steps": [ { "id": "a", "set": {} } ] }"#)
    try installation.folder.write("event.json", #"{"n":4}"#)
    let (status, output) = try installation.command(
      "run", "test", "--event", "\(installation.folder.path)/event.json", "--dry-run")
    #expect(output.contains(#"would run child with {"n":4}"#))
    #expect(status == 0, "\(output)")
  }
}
