import RelayDocuments
import Testing

/// The real binary between a sender that traces, a destination, and a collector.
@Suite struct TraceTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"

  private func told(_ collector: Sink) throws -> [JSON] {
    try collector.deliveries.flatMap { delivery in
      try JSON.parse(Array(delivery.body.utf8))["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?[
        "spans"]?
        .array ?? []
    }
  }

  @Test func `a sender's trace goes through to the destination, and a collector learns of each part`() throws
  {
    let (sink, collector) = (try Sink(), try Sink())
    let installation = try Installation(
      workflow: Installation.workflow(to: sink),
      extra: """
        traces: { url: "http://127.0.0.1:\(collector.port)/v1/traces", service: edge-1,
          headers: { X-Key: "plain:a-key-of-the-collector" } }
        """)
    let relay = try installation.start()
    defer {
      relay.destroy()
      sink.close()
      collector.close()
    }
    let fields = [("traceparent", "00-\(Self.trace)-b7ad6b7169203331-01"), ("tracestate", "vendor=1")]
    let body = Array("{}".utf8)
    let answer = try Socket(port: installation.port).exchange(
      "POST", "/hooks/github", fields: Installation.signed(body, delivery: "d-1") + fields, body: body)
    #expect(answer.status == 202)
    #expect(try Installation.until { try told(collector).count == 3 })
    let spans = try told(collector)
    #expect(Set(spans.map { $0["name"] }) == ["POST /hooks/github", "POST", "process test"])
    #expect(Set(spans.map { $0["traceId"] }) == [.string(Self.trace)])
    func span(_ name: String) -> JSON? { spans.first { $0["name"] == .string(name) } }
    #expect(span("POST /hooks/github")?["parentSpanId"] == "b7ad6b7169203331")
    #expect(span("process test")?["parentSpanId"] == span("POST /hooks/github")?["spanId"])
    #expect(span("POST")?["parentSpanId"] == span("process test")?["spanId"])
    let sent = try #require(sink.deliveries.first)
    #expect(sent.fields["traceparent"] == "00-\(Self.trace)-\(span("POST")?["spanId"]?.string ?? "")-01")
    #expect(sent.fields["tracestate"] == "vendor=1")
    let export = try #require(collector.deliveries.first)
    #expect(export.fields["x-key"] == "a-key-of-the-collector")
    #expect(export.body.contains(#"{"key":"service.name","value":{"stringValue":"edge-1"}}"#))
    let metrics = try Socket(port: installation.adminPort).exchange("GET", "/metrics").body
    #expect(String(decoding: metrics, as: UTF8.self).contains("petrel_spans_total{outcome=\"exported\"} 3\n"))
  }

  @Test func `without a collector the sender's field goes on as it came`() throws {
    let sink = try Sink()
    let installation = try Installation(workflow: Installation.workflow(to: sink))
    let relay = try installation.start()
    defer {
      relay.destroy()
      sink.close()
    }
    let field = "00-\(Self.trace)-b7ad6b7169203331-01"
    let body = Array("{}".utf8)
    let fields = try Installation.signed(body, delivery: "d-1") + [("traceparent", field)]
    let answer = try Socket(port: installation.port).exchange(
      "POST", "/hooks/github", fields: fields, body: body)
    #expect(answer.status == 202)
    #expect(Installation.until { sink.deliveries.count == 1 })
    #expect(sink.deliveries.first?.fields["traceparent"] == field)
  }
}
