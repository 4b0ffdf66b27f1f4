import RelayDocuments
import Testing

/// Workflows whose executions wait for each other, on the real binary.
@Suite struct OrderTests {
  private func workflow(_ flow: String, on: String = "", to sink: Sink) -> String {
    """
    { "name": "test", "on": { "hook": "github"\(on) }\(flow), "retry": { "initial": "20ms", "max": "40ms" },
      "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:\(sink.port)/items",
        "text": "{{ event.body.key }}{{ event.body.n }}" } } ] }
    """
  }

  @Test func `events of one key run in the order in which they came, through retries and a kill`() throws {
    // Each fails twice before it is taken, so that a later one would overtake it.
    let sink = try Sink { delivery, _ in
      .answer(Int.random(in: 0..<3) > 0 ? 503 : 200)
    }
    defer { sink.close() }
    let installation = try Installation(workflow: workflow("", on: #", "order": "event.body.key""#, to: sink))
    var relay = try installation.start()
    for n in 0..<12 {
      let key = n.isMultiple(of: 2) ? "a" : "b"
      let body = #"{"key":"\#(key)","n":\#(n)}"#
      #expect(try installation.deliver(body, id: "d-\(n)").status == 202)
      if n == 6 {
        relay.destroy()
        relay = try installation.start()
      }
    }
    defer { relay.destroy() }
    let done = try Installation.until {
      try installation.admin("/api/stats")["executions"]?["succeeded"]?.int == 12
    }
    #expect(done, "\(sink.deliveries.map(\.body))")
    for key in ["a", "b"] {
      let numbers = sink.deliveries.map(\.body).filter { $0.hasPrefix(key) }.compactMap {
        Int($0.dropFirst())
      }
      #expect(numbers == numbers.sorted(), "\(key): \(numbers)")
    }
  }

  @Test func `no more than the workflow's limit are under way, and the others say what they wait for`() throws
  {
    let sink = try Sink()
    defer { sink.close() }
    let pause = workflow(#", "concurrency": { "limit": 2 }"#, to: sink)
      .replacing(#""steps": ["#, with: #""steps": [ { "id": "nap", "wait": "1h" }, "#)
    let installation = try Installation(workflow: pause)
    let relay = try installation.start()
    defer { relay.destroy() }
    for n in 0..<4 { _ = try installation.deliver(#"{"key":"x","n":\#(n)}"#, id: "d-\(n)") }
    let counts = { try installation.admin("/api/stats")["executions"] }
    #expect(try Installation.until { try counts()?["waiting"]?.int == 2 && counts()?["queued"]?.int == 2 })
    let queued = try installation.admin("/api/executions?status=queued")["items"]?.array
    #expect(
      queued?.first?["reason"]?.string == "waiting for its turn: 2 at a time by the workflow's concurrency")
    #expect(queued?.first?["due_at"] == .null)
    let waiting = try installation.admin("/api/executions?status=waiting")["items"]?.array
    let first = try #require(waiting?.last?["id"]?.string)
    #expect(try installation.command("executions", "cancel", first).status == 0)
    #expect(try Installation.until { try counts()?["waiting"]?.int == 2 && counts()?["queued"]?.int == 1 })
  }
}
