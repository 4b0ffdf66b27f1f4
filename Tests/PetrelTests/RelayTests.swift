import Glibc
import RelayDocuments
import Testing

/// The real binary, from outside.
@Suite struct RelayTests {
  private func running(_ body: (Installation, RelayProcess, Sink) throws -> Void) throws {
    let sink = try Sink()
    let installation = try Installation(workflow: Installation.workflow(to: sink))
    let relay = try installation.start()
    defer {
      relay.destroy()
      sink.close()
    }
    try body(installation, relay, sink)
  }

  private func id(_ answer: Message) throws -> String {
    try #require(try JSON.parse(answer.body)["executions"]?.array?.first?.string)
  }

  @Test func `a signed delivery is answered 202, delivered with its key, and succeeds`() throws {
    try running { installation, _, sink in
      let answer = try installation.deliver(#"{"number":7}"#, id: "d-1")
      #expect(answer.status == 202)
      let event = try #require(try JSON.parse(answer.body)["id"]?.string)
      #expect(answer.fields["petrel-event-id"] == event)
      let execution = try id(answer)
      let ended = try Installation.until {
        try installation.admin("/api/executions/\(execution)")["status"] == "succeeded"
      }
      #expect(ended)
      let delivery = try #require(sink.deliveries.first)
      #expect(sink.deliveries.count == 1)
      #expect(delivery.path == "/items")
      #expect(delivery.key == "\(execution):send")
      #expect(try JSON.parse(Array(delivery.body.utf8))["number"] == 7)
      let shown = try installation.admin("/api/executions/\(execution)")
      #expect(shown["id"] == .string(execution))
      #expect(shown["workflow"] == "test")
      #expect(shown["steps"]?.array?.first?["status"] == "succeeded")
    }
  }

  @Test func `the same delivery again is a duplicate and runs nothing`() throws {
    try running { installation, _, sink in
      let first = try installation.deliver(#"{"number":1}"#, id: "d-1")
      let again = try installation.deliver(#"{"number":1}"#, id: "d-1")
      #expect(again.status == 200)
      let body = try JSON.parse(again.body)
      #expect(body["duplicate"] == true)
      #expect(body["executions"]?.array?.first?.string == (try id(first)))
      let other = try id(try installation.deliver(#"{"number":1}"#, id: "d-2"))
      #expect(
        try Installation.until {
          try installation.admin("/api/executions/\(other)")["status"] == "succeeded"
        })
      #expect(sink.deliveries.count == 2)
    }
  }

  @Test func `an unsigned delivery is refused and listed among the rejected`() throws {
    try running { installation, _, sink in
      let answer = try Socket(port: installation.port).exchange("POST", "/hooks/github", body: [123, 125])
      #expect(answer.status == 401)
      #expect(answer.fields["content-type"] == "application/problem+json")
      #expect(try JSON.parse(answer.body)["code"] == "missing_header")
      #expect(
        try Installation.until {
          try installation.admin("/api/rejected")["items"]?.array?.count == 1
        })
      #expect(sink.deliveries.isEmpty)
    }
  }

  @Test func `a changed workflow takes effect by itself, and the generation rises`() throws {
    try running { installation, _, sink in
      let before = try installation.admin("/readyz")
      try installation.folder.write("workflows/test.json", Installation.workflow(to: sink, text: "second"))
      let reloaded = try Installation.until {
        try installation.admin("/readyz")["generation"]?.int == (before["generation"]?.int ?? 0) + 1
      }
      #expect(reloaded)
      #expect(try installation.admin("/readyz")["fingerprint"] != before["fingerprint"])
      _ = try installation.deliver(#"{"number":1}"#, id: "d-1")
      #expect(Installation.until { !sink.deliveries.isEmpty })
      #expect(sink.deliveries.first?.body.contains("second") == true)
    }
  }

  @Test func `a broken change leaves the old workflow running and says why`() throws {
    try running { installation, _, sink in
      let before = try installation.admin("/readyz")
      try installation.folder.write("workflows/test.json", #"{ "name": "test", "onn": {} }"#)
      let told = try Installation.until {
        try installation.admin("/api/status")["reload_errors"]?.array?.isEmpty == false
      }
      #expect(told)
      let errors = try installation.admin("/api/status")["reload_errors"]?.array?.compactMap(\.string) ?? []
      #expect(errors.contains { $0.contains("test.json:1:") && $0.contains("onn") })
      #expect(try installation.admin("/readyz")["generation"] == before["generation"])
      #expect(try installation.command("status").output.contains("onn"))
      _ = try installation.deliver(#"{"number":1}"#, id: "d-1")
      #expect(Installation.until { !sink.deliveries.isEmpty })
      #expect(sink.deliveries.first?.body.contains("first") == true)
    }
  }

  @Test func `SIGTERM drains: what was accepted is finished, and the exit status is 0`() throws {
    try running { installation, relay, sink in
      #expect(try installation.deliver(#"{"number":1}"#, id: "d-1").status == 202)
      relay.signal(SIGTERM)
      #expect(relay.wait() == 0)
      #expect(throws: (any Error).self) { try Socket(port: installation.port) }
      let again = try installation.start()
      defer { again.destroy() }
      #expect(Installation.until { sink.deliveries.count == 1 })
      #expect(try installation.deliver(#"{"number":1}"#, id: "d-1").status == 200)
    }
  }

  @Test func `a second relay on the same folder is refused as busy`() throws {
    try running { installation, _, _ in
      let second = try installation.command("serve")
      #expect(second.status == 75)
      #expect(second.output.contains("data"))
      #expect(try installation.deliver(#"{"number":1}"#, id: "d-1").status == 202)
    }
  }

  @Test func `status of a stopped relay is 69, and of a running one 0`() throws {
    try running { installation, relay, _ in
      let running = try installation.command("status").status
      relay.destroy()
      let stopped = try installation.command("status").status
      #expect(running == 0)
      #expect(stopped == 69)
    }
  }
}
