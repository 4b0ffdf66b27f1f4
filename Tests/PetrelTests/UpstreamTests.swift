import Glibc
import RelayDocuments
import Synchronization
import Testing

/// The real binary before a stand-in for central.
@Suite struct UpstreamTests {
  private static let token = "a-token-of-sixteen-or-more-bytes"

  private func running(
    _ central: CentralStandIn, _ body: (Installation, RelayProcess) throws -> Void
  ) throws {
    let sink = try Sink()
    let installation = try Installation(
      workflow: Installation.workflow(to: sink),
      extra: """
        upstream: { url: "http://127.0.0.1:\(central.port)", token: "plain:\(Self.token)", edge: shop-1 }
        """)
    let relay = try installation.start()
    defer {
      relay.destroy()
      sink.close()
      central.close()
    }
    try body(installation, relay)
  }

  @Test func `an end reaches central within a second, once, and the lag is gone`() throws {
    let central = try CentralStandIn()
    try running(central) { installation, _ in
      let answer = try installation.deliver(#"{"number":1}"#, id: "d-1")
      #expect(Installation.until { !central.batches.isEmpty })
      let batch = try #require(central.batches.first)
      #expect(batch.path == "/v1/edges/shop-1/executions")
      #expect(batch.fields["authorization"] == "Bearer \(Self.token)")
      #expect(batch.fields["content-type"] == "application/cloudevents-batch+json")
      #expect(batch.fields["content-encoding"] == "gzip")
      #expect(batch.fields["petrel-epoch"]?.isEmpty == false)
      #expect(batch.fields["petrel-first-seq"] == "1")
      #expect(batch.fields["petrel-last-seq"] == "1")
      let events = try CentralStandIn.events(batch, in: installation.folder)
      #expect(events.count == 1)
      let execution = try JSON.parse(answer.body)["executions"]?.array?.first?.string ?? ""
      #expect(events.first?["id"] == .string("\(execution):1"))
      #expect(events.first?["data"]?["status"] == "succeeded")
      let settled = try Installation.until {
        try installation.admin("/api/status")["upstream"]?["pending"] == 0
      }
      #expect(settled)
      #expect(central.batches.count == 1)
    }
  }

  @Test func `a central that is down holds nothing up, and gets everything in order afterwards`() throws {
    let central = try CentralStandIn()
    central.isDown.withLock { $0 = true }
    try running(central) { installation, _ in
      for number in 1...5 {
        #expect(try installation.deliver(#"{"number":1}"#, id: "d-\(number)").status == 202)
      }
      let waiting = try Installation.until {
        try installation.admin("/api/status")["upstream"]?["pending"] == 5
      }
      #expect(waiting)
      central.isDown.withLock { $0 = false }
      let settled = try Installation.until {
        try installation.admin("/api/status")["upstream"]?["pending"] == 0
      }
      #expect(settled)
      var numbers: [Int] = []
      for batch in central.batches {
        let events = try CentralStandIn.events(batch, in: installation.folder)
        numbers += events.compactMap { $0["data"]?["seq"]?.int }
      }
      #expect(numbers == [1, 2, 3, 4, 5])
    }
  }

  @Test func `what ends before SIGTERM is flushed before the relay exits`() throws {
    let central = try CentralStandIn()
    try running(central) { installation, relay in
      _ = try installation.deliver(#"{"number":1}"#, id: "d-1")
      relay.signal(SIGTERM)
      #expect(relay.wait() == 0)
      #expect(central.batches.map(\.last) == [1])
    }
  }
}
