import RelayModel
import Synchronization
import Testing

@Suite struct TracingTests {
  private static let field = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  private static let event = RecordKey(rawValue: 1 << 60 | 7)
  private static let execution = RecordKey(rawValue: 1 << 60 | 8)
  private static let sent = HeaderFields([("Traceparent", field), ("tracestate", "a=1")])

  private final class Nobody: SpanSink {
    func keep(_ span: TraceSpan) {}
  }

  private func tracing(_ sink: (any SpanSink)? = Nobody(), tag: String = "abcdef", ratio: Double = 1) throws
    -> Tracing
  {
    Tracing(sink: sink, tag: try #require(StoreTag(tag)), ratio: ratio)
  }

  @Test func `a sender's trace goes on, with spans of our own below its span`() throws {
    let tracing = try tracing()
    let arrival = try #require(tracing.arrival(Self.event, Self.sent))
    #expect(arrival.context.trace.text == "0af7651916cd43dd8448eb211c80319c")
    #expect(arrival.parent == 0xb7ad_6b71_6920_3331)
    let run = try #require(
      tracing.run(Self.execution, revision: 0, of: Self.event, Self.sent, isRepetition: false))
    #expect(run.context.trace == arrival.context.trace)
    #expect(run.parent == arrival.context.span)
    let first = tracing.attempt(1, of: "send", in: run.context)
    let fields = tracing.fields(first, Self.sent, isRepetition: false)
    #expect(fields.map(\.name) == ["traceparent", "tracestate"])
    #expect(fields.map(\.value) == [first.traceparent, "a=1"])
    #expect(first.trace == arrival.context.trace)
    let spans = [
      arrival.context, run.context, first, tracing.attempt(2, of: "send", in: run.context),
      tracing.attempt(1, of: "next", in: run.context),
    ].map(\.span)
    #expect(Set(spans).count == 5, "each has its own")
  }

  @Test func `ids are the same after a restart, and others in another store`() throws {
    let none = HeaderFields()
    let first = try #require(tracing().arrival(Self.event, none)?.context)
    #expect(try tracing().arrival(Self.event, none)?.context == first)
    #expect(try tracing(tag: "abcdeg").arrival(Self.event, none)?.context.trace != first.trace)
    #expect(try tracing().arrival(Self.execution, none)?.context.trace != first.trace)
  }

  @Test func `a replay has a trace of its own, and a link to the event`() throws {
    let tracing = try tracing()
    let arrival = try #require(tracing.arrival(Self.event, Self.sent)?.context)
    let run = try #require(
      tracing.run(Self.execution, revision: 0, of: Self.event, Self.sent, isRepetition: true))
    #expect(run.context.trace != arrival.trace)
    #expect(run.parent == nil)
    #expect(run.link == arrival)
    let fields = tracing.fields(run.context, Self.sent, isRepetition: true)
    #expect(fields.map(\.name) == ["traceparent"], "the state belongs to the sender's trace")
  }

  @Test func `a retry is a run of its own`() throws {
    let tracing = try tracing()
    let runs = try (0..<3).map { revision in
      try #require(
        tracing.run(Self.execution, revision: revision, of: Self.event, Self.sent, isRepetition: false)
      ).context.span
    }
    #expect(Set(runs).count == 3)
  }

  @Test func `what the sender does not record is not recorded`() throws {
    let unsampled = HeaderFields([("traceparent", Self.field.dropLast(1) + "0")])
    #expect(try tracing().arrival(Self.event, unsampled)?.context.isSampled == false)
  }

  @Test func `of the traces that begin here the ratio is recorded`() throws {
    let tracing = try tracing(ratio: 0.25)
    let chosen = (0..<4000).count { number in
      tracing.arrival(RecordKey(rawValue: UInt64(number) << 20), HeaderFields())?.context.isSampled == true
    }
    #expect((900...1100).contains(chosen), "\(chosen) of 4000")
  }

  @Test func `without a sink a sender's context is passed on as it is`() throws {
    let tracing = try tracing(nil)
    #expect(tracing.arrival(Self.event, Self.sent) == nil)
    let fields = tracing.fields(nil, Self.sent, isRepetition: false)
    #expect(fields.map(\.value) == [Self.field, "a=1"])
    #expect(tracing.fields(nil, Self.sent, isRepetition: true).isEmpty, "a replay is no part of that trace")
    #expect(tracing.fields(nil, HeaderFields(), isRepetition: false).isEmpty)
    let broken = HeaderFields([("traceparent", "00-nothing"), ("tracestate", "a=1")])
    #expect(tracing.fields(nil, broken, isRepetition: false).isEmpty, "nor is what is none")
  }
}
