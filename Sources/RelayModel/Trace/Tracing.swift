/// Which trace an event and what comes of it belong to. Ids are worked out of the records' keys and are the
/// same after a restart, so that nothing about traces has to be stored.
package struct Tracing: Sendable {
  /// Nil where nothing is recorded: what a sender's trace context says is then passed on untouched.
  package let sink: (any SpanSink)?
  private let tag: StoreTag
  /// Of the traces that begin here, the part that is recorded.
  private let ratio: Double

  package init(sink: (any SpanSink)?, tag: StoreTag, ratio: Double = 1) {
    self.sink = sink
    self.tag = tag
    self.ratio = ratio
  }

  /// The fields of an event that carry its sender's trace.
  private static let parentField = "traceparent"
  private static let stateField = "tracestate"

  /// The span of the request that brought `event`. Nil where there is no trace.
  ///
  /// - Returns: the span's own context, and the sender's span where the sender named one.
  package func arrival(_ event: RecordKey, _ headers: HeaderFields) -> (
    context: TraceContext, parent: UInt64?
  )? {
    guard sink != nil else { return nil }
    let incoming = headers.firstBytes(Self.parentField).flatMap { TraceContext(traceparent: $0) }
    let span = Self.id(event.rawValue, 1)
    if let incoming {
      return (TraceContext(trace: incoming.trace, span: span, isSampled: incoming.isSampled), incoming.span)
    }
    return (TraceContext(trace: trace(event), span: span, isSampled: isChosen(trace(event))), nil)
  }

  /// The span of one run of an execution, from its beginning, or its retry, to its end.
  ///
  /// - Parameters:
  ///   - isRepetition: it is a replay or a retry from the start: a trace of its own, with a link to the event.
  ///   - revision: of the execution; a retry raises it.
  package func run(
    _ execution: RecordKey, revision: UInt32, of event: RecordKey, _ headers: HeaderFields, isRepetition: Bool
  ) -> (context: TraceContext, parent: UInt64?, link: TraceContext?)? {
    guard let arrival = arrival(event, headers)?.context else { return nil }
    let span = Self.id(execution.rawValue, 2 + UInt64(revision))
    guard isRepetition else {
      return (TraceContext(trace: arrival.trace, span: span, isSampled: arrival.isSampled), arrival.span, nil)
    }
    let trace = trace(execution)
    return (TraceContext(trace: trace, span: span, isSampled: isChosen(trace)), nil, arrival)
  }

  /// The span of one attempt within a run.
  ///
  /// - Parameter step: the path of the step in names.
  package func attempt(_ number: Int, of step: String, in run: TraceContext) -> TraceContext {
    var sum = run.span
    for byte in step.utf8 { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return TraceContext(
      trace: run.trace, span: Self.id(sum, UInt64(clamping: number)), isSampled: run.isSampled)
  }

  /// The fields that tell a destination of the trace.
  ///
  /// - Parameter attempt: the span of the attempt, where spans are recorded.
  package func fields(
    _ attempt: TraceContext?, _ headers: HeaderFields, isRepetition: Bool
  ) -> [(name: String, value: String)] {
    if let attempt {
      // The state belongs to the sender's trace.
      let state = isRepetition ? nil : headers.first(Self.stateField)
      return [(Self.parentField, attempt.traceparent)] + (state.map { [(Self.stateField, $0)] } ?? [])
    }
    guard !isRepetition, let parent = headers.first(Self.parentField),
      TraceContext(traceparent: parent.utf8) != nil
    else { return [] }
    return [(Self.parentField, parent)]
      + (headers.first(Self.stateField).map { [(Self.stateField, $0)] } ?? [])
  }

  private func trace(_ key: RecordKey) -> TraceID {
    let text = tag.text.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    return TraceID(high: Self.id(text, key.rawValue), low: Self.id(key.rawValue, text))
  }

  private func isChosen(_ trace: TraceID) -> Bool { Double(trace.low >> 11) * 0x1p-53 < ratio }

  /// Spreads two numbers over 64 bits (the finalizer of SplitMix64); never zero.
  private static func id(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var value = first &+ (second &+ 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return max(1, value ^ value >> 31)
  }
}
