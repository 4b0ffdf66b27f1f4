internal import RelayDocuments
package import RelayHTTP
package import RelayModel
internal import RelayThreads
internal import Synchronization

/// Hands spans to a collector (OTLP over HTTP, JSON), in batches, from a thread of its own. It holds nobody up:
/// what there is no room for, and what the collector does not take, is dropped and counted.
package final class SpanExporter: SpanSink {
  package struct Counts: Sendable, Equatable {
    package var exported = 0
    package var dropped = 0
  }

  private struct State {
    var counts = Counts()
    var waiting: [TraceSpan] = []
    /// Monotonic: until when a last try may take; nil while the relay goes on.
    var stopsAt: Duration?
  }

  /// Spans that wait at most.
  static let room = 4096
  /// And in one request.
  static let batch = 512
  /// How long the first of a batch waits for others.
  static let linger = Duration.seconds(1)
  private static let timeout = Duration.seconds(10)
  /// The pauses between tries of one batch.
  private static let pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]

  private let destination: Configuration.Traces
  private let instance: String
  private let transport: any Transport
  private let secrets: any SecretSource
  private let time: any TimeSource
  private let log: any Log
  /// Wakes the thread: there is a first span, a whole batch, or an end.
  private let signal = Inbox<Void>()
  private let state = Mutex(State())

  /// Call `run` on a thread of its own.
  package init(
    _ destination: Configuration.Traces, instance: String, transport: any Transport,
    secrets: any SecretSource, time: any TimeSource, log: any Log
  ) {
    self.destination = destination
    self.instance = instance
    self.transport = transport
    self.secrets = secrets
    self.time = time
    self.log = log
  }

  package var counts: Counts { state.withLock { $0.counts } }

  package func keep(_ span: TraceSpan) {
    let waiting = state.withLock { state in
      guard state.waiting.count < Self.room else {
        state.counts.dropped += 1
        return 0
      }
      state.waiting.append(span)
      return state.waiting.count
    }
    if waiting == 1 || waiting == Self.batch { signal.put(()) }
  }

  /// Any thread: sends what waits, once, and ends `run`.
  package func stop(within patience: Duration) {
    state.withLock { $0.stopsAt = time.elapsed() + patience }
    signal.put(())
  }

  /// Runs until `stop`, on the calling thread.
  package func run() {
    while true {
      _ = signal.wait(atMost: nil)
      if state.withLock({ $0.stopsAt == nil && (1..<Self.batch).contains($0.waiting.count) }) {
        _ = signal.wait(atMost: Self.linger)
      }
      while let spans = nextBatch() { export(spans) }
      if stopsAt != nil { return }
    }
  }

  private var stopsAt: Duration? { state.withLock { $0.stopsAt } }

  private func nextBatch() -> [TraceSpan]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let spans = Array(state.waiting.prefix(Self.batch))
      state.waiting.removeFirst(spans.count)
      return spans
    }
  }

  /// Tries until the collector has taken `spans`, refuses them, or the tries are used up; once where the relay
  /// stops.
  private func export(_ spans: [TraceSpan]) {
    var pauses = Self.pauses[...]
    while true {
      switch send(spans, within: stopsAt.map { min($0 - time.elapsed(), Self.timeout) } ?? Self.timeout) {
      case .taken: return state.withLock { $0.counts.exported += spans.count }
      case .refused(let why): return drop(spans.count, why)
      case .later(let why):
        guard stopsAt == nil, let pause = pauses.popFirst() else { return drop(spans.count, why) }
        rest(pause)
      }
    }
  }

  private enum Outcome {
    case taken
    case refused(String)
    case later(String)
  }

  private func send(_ spans: [TraceSpan], within patience: Duration) -> Outcome {
    guard patience > .zero else { return .refused("there was no time left") }
    var headers = HeaderFields([("Content-Type", "application/json")])
    do {
      for header in destination.headers {
        headers.append(header.name, String(decoding: try secrets.secret(header.secret), as: UTF8.self))
      }
    } catch {
      return .refused("traces.headers: \(error)")
    }
    let document = SpanDocument(
      spans: spans, service: destination.service, instance: instance, version: Version.text)
    let request = OutgoingRequest(
      method: "POST", url: destination.url, headers: headers, body: document.json.serialized(),
      timeout: patience, hostIsLiteral: true)
    switch transport.perform(request) {
    case .success(let answer) where (200..<300).contains(answer.status): return .taken
    case .success(let answer) where [429, 502, 503, 504].contains(answer.status):
      return .later("the collector answered \(answer.status)")
    case .success(let answer): return .refused("the collector answered \(answer.status)")
    case .failure(let error): return .later(error.message)
    }
  }

  /// A stop ends it early.
  private func rest(_ pause: Duration) {
    let end = time.elapsed() + pause
    while stopsAt == nil, time.elapsed() < end { _ = signal.wait(atMost: end - time.elapsed()) }
  }

  private func drop(_ count: Int, _ why: String) {
    state.withLock { $0.counts.dropped += count }
    log.warning("spans were not taken and are dropped", .number("spans", count), .text("why", why))
  }
}
