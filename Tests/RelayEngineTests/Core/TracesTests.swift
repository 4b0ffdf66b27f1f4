import RelayEngine
import RelayHTTP
import RelayStore
import Synchronization
import Testing

@testable import RelayModel

/// What the engine tells of its work, and what it tells destinations of a trace.
@Suite struct TracesTests {
  private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  private static let workflow = """
    { "name": "sample", "on": { "hook": "inbox" }, "retry": { "initial": "1s", "jitter": "none" },
      "steps": [ { "id": "send", "http": { "url": "https://api.example.com/secret-path?token=1" } } ] }
    """

  private final class Kept: SpanSink {
    private let spans = Mutex<[TraceSpan]>([])
    var all: [TraceSpan] { spans.withLock { $0 } }
    func keep(_ span: TraceSpan) { spans.withLock { $0.append(span) } }
  }

  private func bench(_ sink: Kept?) throws -> EngineBench {
    let bench = try EngineBench()
    bench.configuration.tracing = Tracing(sink: sink, tag: bench.store.tag)
    bench.put(.configure(bench.configuration))
    bench.settle()
    return bench
  }

  private func context(_ request: OutgoingRequest) -> TraceContext? {
    request.headers.first("traceparent").flatMap { TraceContext(traceparent: $0.utf8) }
  }

  @Test func `attempts and the run become spans of the sender's trace`() throws {
    let kept = Kept()
    let bench = try bench(kept)
    let key = try bench.accept(Self.workflow, headers: [("traceparent", Self.parent)])
    let first = try #require(context(bench.transport.sent[0].request))
    bench.transport.answer(503)
    bench.settle()
    bench.pass(.seconds(2))
    let second = try #require(context(bench.transport.sent[1].request))
    bench.transport.answer(200)
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    let spans = kept.all
    #expect(spans.map(\.name) == ["GET", "GET", "process sample"])
    #expect(spans.map(\.kind) == [.client, .client, .consumer])
    #expect(
      spans.map(\.context.trace.text) == [String](repeating: "0af7651916cd43dd8448eb211c80319c", count: 3))
    #expect(spans[0].context == first && spans[1].context == second, "the destination knows them")
    #expect(spans[0].parent == spans[2].context.span && spans[1].parent == spans[2].context.span)
    #expect(first.span != second.span)
    #expect(spans.map(\.error) == ["http_status", nil, nil])
    #expect(spans[0].attributes.contains(.init(name: "http.response.status_code", value: .number(503))))
    #expect(spans[1].attributes.contains(.init(name: "http.request.resend_count", value: .number(1))))
    #expect(spans[1].attributes.contains(.init(name: "server.address", value: .text("api.example.com"))))
    #expect(spans[2].attributes.contains(.init(name: "petrel.execution.id", value: .text(bench.id(key)))))
    #expect(!"\(spans)".contains("secret-path"), "a path may be a secret")
  }

  @Test func `an attempt after a crash is in the same run`() throws {
    let kept = Kept()
    let bench = try bench(kept)
    try bench.accept(Self.workflow)
    let before = try #require(context(bench.transport.sent[0].request))
    try bench.crash()
    let last = try #require(bench.transport.sent.last)
    let after = try #require(context(last.request))
    #expect(before.trace == after.trace)
    #expect(before.span != after.span, "it is another attempt")
  }

  @Test func `a trace that its sender does not record is passed on and not recorded`() throws {
    let kept = Kept()
    let bench = try bench(kept)
    try bench.accept(Self.workflow, headers: [("traceparent", Self.parent.dropLast(1) + "0")])
    #expect(context(bench.transport.sent[0].request)?.isSampled == false)
    bench.transport.answer(200)
    bench.settle()
    #expect(kept.all.isEmpty)
  }

  @Test func `without an exporter the sender's field goes on as it came`() throws {
    let bench = try bench(nil)
    try bench.accept(Self.workflow, headers: [("traceparent", Self.parent), ("tracestate", "a=1")])
    let headers = bench.transport.sent[0].request.headers
    #expect(headers.first("traceparent") == Self.parent)
    #expect(headers.first("tracestate") == "a=1")
  }

  @Test func `a field that the document writes is the document's`() throws {
    let bench = try bench(Kept())
    let own = Self.workflow.replacing(
      #""url":"#, with: #""headers": { "Traceparent": "mine" }, "url":"#)
    try bench.accept(own, headers: [("traceparent", Self.parent)])
    let fields = bench.transport.sent[0].request.headers.all.filter { $0.name.lowercased() == "traceparent" }
    #expect(fields.map(\.value) == ["mine"])
  }
}
