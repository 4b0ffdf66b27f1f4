import RelayDocuments
import Testing

/// Branches side by side, on the real binary.
@Suite struct BranchesTests {
  private func workflow(to sink: Sink) -> String {
    let url = "http://127.0.0.1:\(sink.port)"
    return """
      { "name": "test", "on": { "hook": "github" },
        "steps": [
          { "id": "each", "forEach": { "in": "event.body.items", "concurrency": 3, "steps": [
            { "id": "both", "parallel": {
              "left": [ { "id": "send", "http": { "method": "POST", "url": "\(url)/left/{{ item }}", "json": {} } } ],
              "right": [ { "id": "rest", "wait": "300ms" },
                { "id": "send", "http": { "method": "POST", "url": "\(url)/right/{{ item }}", "json": {} } } ] } } ] } },
          { "id": "count", "set": { "n": "{{ size(steps.each) }}", "last": "{{ steps.each[4].right.status }}" } } ] }
      """
  }

  @Test func `branches and turns survive a kill, and each step is done`() throws {
    let sink = try Sink()
    let installation = try Installation(workflow: workflow(to: sink))
    let relay = try installation.start()
    let answer = try installation.deliver(#"{"items":[0,1,2,3,4]}"#, id: "d-1")
    let execution = try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
    #expect(Installation.until { sink.deliveries.count >= 3 })
    relay.destroy()
    let again = try installation.start()
    defer { again.destroy() }
    func shown() throws -> JSON { try installation.admin("/api/executions/\(execution)") }
    #expect(try Installation.until { try shown()["status"] == "succeeded" })
    let steps = try shown()["steps"]?.array ?? []
    #expect(steps.last?["output"]?["n"] == 5)
    let ids = Set(steps.compactMap { $0["id"]?.string })
    #expect(ids.contains("each[4]/both/right/send"))
    let listed = try installation.admin("/api/executions")["items"]?.array ?? []
    #expect(listed.count == 1)
  }
}
