import RelayDocuments
import RelayHTTP
import RelayModel
import RelayThreads
import Synchronization
import Testing

@testable import RelayService

@Suite struct SpanExporterTests {
  /// Answers at once with what it was told to, and remembers the requests.
  private final class Collector: Transport {
    private let statuses: Mutex<[Int]>
    private let taken = Mutex<[OutgoingRequest]>([])
    let arrived = Latch()

    init(_ statuses: [Int]) { self.statuses = Mutex(statuses) }

    var requests: [OutgoingRequest] { taken.withLock { $0 } }

    func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
      let number = taken.withLock { taken in
        taken.append(request)
        return UInt64(taken.count)
      }
      let status = statuses.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
      completion(.success(HTTPAnswer(status: status, headers: HeaderFields(), body: [], url: request.url)))
      arrived.open()
      return TransferToken(number: number)
    }

    func cancel(_ token: TransferToken) {}
    func afterEachBatch(_ hook: @escaping @Sendable () -> Void) {}
  }

  private struct Secrets: SecretSource {
    func secret(_ reference: SecretReference) -> [UInt8] { Array("Bearer t0ken".utf8) }
  }

  private static let context = TraceContext(trace: TraceID(high: 1, low: 2), span: 3, isSampled: true)

  private func exporter(_ collector: Collector) -> SpanExporter {
    var traces = Configuration.Traces(url: "http://127.0.0.1:4318/v1/traces")
    traces.headers = [.init(name: "Authorization", secret: .environment("T"))]
    return SpanExporter(
      traces, instance: "abcdef", transport: collector, secrets: Secrets(), time: SystemTime(),
      log: SilentLog())
  }

  private func span(_ name: String) -> TraceSpan {
    TraceSpan(
      Self.context, parent: 4, name, .client, began: Timestamp(milliseconds: 1_790_000_000_123),
      took: .microseconds(1500))
  }

  @Test func `a stop sends what waits`() throws {
    let collector = Collector([200])
    let exporter = exporter(collector)
    for number in 0..<3 { exporter.keep(span("n\(number)")) }
    exporter.stop(within: .seconds(5))
    exporter.run()
    #expect(exporter.counts == .init(exported: 3, dropped: 0))
    let request = try #require(collector.requests.first)
    #expect(collector.requests.count == 1)
    #expect(request.method == "POST")
    #expect(
      request.headers.all.map { "\($0.name): \($0.value)" } == [
        "Content-Type: application/json", "Authorization: Bearer t0ken",
      ])
    let resource = try JSON.parse(request.body)["resourceSpans"]?.array?.first
    let spans = resource?["scopeSpans"]?.array?.first?["spans"]?.array
    #expect(spans?.map { $0["name"] } == ["n0", "n1", "n2"])
    #expect(resource?["resource"]?["attributes"]?.array?.first?["value"] == ["stringValue": "petrel"])
  }

  @Test func `a span is written as the protocol has it`() {
    var span = span("POST")
    span.add("petrel.step", "send")
    span.add("http.response.status_code", 503)
    span.add("nothing", nil as String?)
    span.error = "http_status"
    span.link = TraceContext(trace: TraceID(high: 0, low: 9), span: 8, isSampled: true)
    let json = SpanDocument(spans: [span], service: "s", instance: "i", version: "1").json
    let written = json["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array?.first
    #expect(
      written == [
        "traceId": "00000000000000010000000000000002", "spanId": "0000000000000003",
        "parentSpanId": "0000000000000004", "flags": 1, "name": "POST", "kind": 3,
        "startTimeUnixNano": "1790000000123000000", "endTimeUnixNano": "1790000000124500000",
        "attributes": [
          ["key": "petrel.step", "value": ["stringValue": "send"]],
          ["key": "http.response.status_code", "value": ["intValue": "503"]],
        ],
        "links": [["traceId": "00000000000000000000000000000009", "spanId": "0000000000000008"]],
        "status": ["code": 2, "message": "http_status"],
      ])
  }

  @Test func `what the collector refuses is dropped and counted`() {
    let exporter = exporter(Collector([400]))
    exporter.keep(span("a"))
    exporter.stop(within: .seconds(5))
    exporter.run()
    #expect(exporter.counts == .init(exported: 0, dropped: 1))
  }

  @Test func `a collector that is busy is asked again`() {
    let collector = Collector([503, 200])
    let exporter = exporter(collector)
    let thread = NamedThread("test-spans") { exporter.run() }
    exporter.keep(span("a"))
    for _ in 0..<2 { collector.arrived.wait() }
    exporter.stop(within: .seconds(5))
    thread.join()
    #expect(exporter.counts == .init(exported: 1, dropped: 0))
    #expect(collector.requests[0].body == collector.requests[1].body)
  }

  @Test func `what there is no room for is dropped, and a batch has a bound`() {
    let collector = Collector([200])
    let exporter = exporter(collector)
    for _ in 0..<SpanExporter.room + 10 { exporter.keep(span("a")) }
    exporter.stop(within: .seconds(30))
    exporter.run()
    #expect(exporter.counts == .init(exported: SpanExporter.room, dropped: 10))
    #expect(collector.requests.count == SpanExporter.room / SpanExporter.batch)
  }
}
