import RelayDocuments
import Testing

/// Workflows that do not run for every event, on the real binary.
@Suite struct PacingTests {
  private func workflow(on: String, to sink: Sink) -> String {
    """
    { "name": "test", "on": { "hook": "github", \(on) },
      "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:\(sink.port)/items",
        "text": "{{ event.body.key }}{{ event.body.n }}" } } ] }
    """
  }

  private func failures(_ installation: Installation) throws -> [String?] {
    let items = try installation.admin("/api/executions?status=cancelled")["items"]?.array ?? []
    return items.map { $0["failure"]?["code"]?.string }
  }

  @Test func `the last event of each burst runs, through a kill within it`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let installation = try Installation(
      workflow: workflow(on: #""debounce": { "key": "event.body.key", "for": "3s" }"#, to: sink))
    var relay = try installation.start()
    for n in 0..<8 {
      let key = n.isMultiple(of: 2) ? "a" : "b"
      #expect(try installation.deliver(#"{"key":"\#(key)","n":\#(n)}"#, id: "d-\(n)").status == 202)
      if n == 3 {
        relay.destroy()
        relay = try installation.start()
      }
    }
    defer { relay.destroy() }
    #expect(
      try Installation.until {
        let counts = try installation.admin("/api/stats")["executions"]
        return (counts?["succeeded"]?.int ?? 0) >= 2 && counts?["queued"]?.int == 0
      })
    #expect(sink.deliveries.map(\.body).contains("a6"))
    #expect(sink.deliveries.map(\.body).contains("b7"))
    let counts = try installation.admin("/api/stats")["executions"]
    #expect((counts?["succeeded"]?.int ?? 0) + (counts?["cancelled"]?.int ?? 0) == 8, "none is lost")
    #expect(try failures(installation).allSatisfy { $0 == "debounced" })
  }

  @Test func `no more begin in a span than the limit, a restart in between or not`() throws {
    let sink = try Sink()
    defer { sink.close() }
    let installation = try Installation(
      workflow: workflow(on: #""throttle": { "limit": 2, "per": "1h" }"#, to: sink))
    var relay = try installation.start()
    for n in 0..<4 {
      #expect(try installation.deliver(#"{"key":"x","n":\#(n)}"#, id: "d-\(n)").status == 202)
      if n == 0 {
        relay.destroy()
        relay = try installation.start()
      }
    }
    defer { relay.destroy() }
    let counts = { try installation.admin("/api/stats")["executions"] }
    #expect(try Installation.until { try counts()?["succeeded"]?.int == 2 })
    #expect(try failures(installation) == ["throttled", "throttled"])
    #expect(Set(sink.deliveries.map(\.body)) == ["x0", "x1"])
    let items = try installation.admin("/api/executions?status=cancelled")["items"]?.array
    let late = try #require(items?.last?["id"]?.string)
    #expect(try installation.command("executions", "show", late).output.contains("on.throttle: 2 had begun"))
    #expect(try installation.command("executions", "retry", late).status == 0)
    #expect(try Installation.until { try counts()?["succeeded"]?.int == 3 })
  }
}
