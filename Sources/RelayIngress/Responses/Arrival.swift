internal import RelayModel
internal import RelayStore

/// What is told of a request that became an event, where traces are recorded.
struct Arrival: Sendable {
  private let tracing: Tracing
  private let sink: any SpanSink
  private let hook: String
  private let headers: HeaderFields
  private let client: String
  private let receivedAt: Timestamp
  private let bodySize: Int
  private let tag: StoreTag

  /// Nil where nothing is recorded.
  init?(_ tracing: Tracing, _ request: IncomingRequest, _ hook: String, _ tag: StoreTag) {
    guard let sink = tracing.sink else { return nil }
    self.tracing = tracing
    self.sink = sink
    self.hook = hook
    self.headers = request.headers
    self.client = request.client
    self.receivedAt = request.receivedAt
    self.bodySize = request.body.count
    self.tag = tag
  }

  /// The event is durable, and its sender is answered. One that was there before belongs to the trace that it
  /// came with first.
  func tell(_ answer: EnqueueAnswer, took: Duration) {
    guard !answer.duplicate, let (context, parent) = tracing.arrival(answer.event, headers), context.isSampled
    else { return }
    var span = TraceSpan(
      context, parent: parent, "POST /hooks/\(hook)", .server, began: receivedAt, took: took)
    span.add("http.request.method", "POST")
    span.add("http.route", "/hooks/\(hook)")
    span.add("http.response.status_code", 202)
    span.add("client.address", client)
    span.add("messaging.system", "petrel")
    span.add("messaging.operation.name", "receive")
    span.add("messaging.operation.type", "receive")
    span.add("messaging.destination.name", hook)
    span.add("messaging.message.id", tag.id(.event, answer.event))
    span.add("messaging.message.body.size", bodySize)
    sink.keep(span)
  }
}
