internal import RelayCrypto
internal import RelayDocuments
package import RelayHTTP
package import RelayModel
package import RelayStore

/// Where summaries go, and under which name.
package struct UpstreamConfiguration: Sendable {
  /// Without a slash at its end.
  package var url: String
  package var edge: String
  /// The bearer token as it is now; a sentence where it cannot be read.
  package var token: @Sendable () -> Result<String, UpstreamTokenUnavailable>

  package init(
    url: String, edge: String,
    token: @escaping @Sendable () -> Result<String, UpstreamTokenUnavailable>
  ) {
    self.url = url
    self.edge = edge
    self.token = token
  }
}

/// The bearer token cannot be read at present; the message says why, without the token.
package struct UpstreamTokenUnavailable: Error, Sendable, Hashable {
  package let message: String
  package init(message: String) { self.message = message }
}

/// Sends the outbox to central, one batch in flight, in order, until everything is acknowledged.
///
/// It has no thread and no lock: whoever owns it calls `run` after each input and again at `deadline`. The
/// outbox in the store is the only memory that matters: whatever is lost in a crash is read there again.
package final class UpstreamCore {
  package enum Input: Sendable {
    /// The outbox may have a new entry.
    case outbox
    /// The transfer ended.
    case answered(Result<HTTPAnswer, TransferError>)
    /// The store deleted what was acknowledged, or began a new epoch; or it could not.
    case settled(Result<Void, StoreError>)
  }

  /// Ends of the same moment travel together: the next batch waits this long after an answer unless it
  /// is full. An end still leaves within a second of happening.
  package static let gathering = Duration.milliseconds(100)
  /// A request for one batch may take so long.
  static let timeout = Duration.seconds(30)
  static let largestAnswer = ByteCount.mebibytes(1)

  private let configuration: UpstreamConfiguration
  private let store: Store
  private let transport: any Transport
  private let time: any TimeSource
  private let random: any RandomSource
  private let log: any Log
  private let deliver: @Sendable (Input) -> Void
  private var state = UpstreamState(acked: 0)
  private var phase = Phase.looking
  private var isFlushing = false
  private var versions: [UInt32: String] = [:]
  /// When the next batch may leave, once what central acknowledged is settled.
  private var resumeAt = Duration.zero
  package private(set) var status = UpstreamStatus()

  private enum Phase {
    /// Nothing is known to wait: the next input looks.
    case idle
    case looking
    /// - Parameter isAsked: central named the instant.
    case pausing(until: Duration, isAsked: Bool = false)
    case sending(Batch)
    case settling
  }

  /// - Parameter deliver: takes an input from any thread and sees that `receive` gets it on the
  ///   owner's.
  package init(
    configuration: UpstreamConfiguration, store: Store, transport: any Transport, time: any TimeSource,
    random: any RandomSource, log: any Log, deliver: @escaping @Sendable (Input) -> Void
  ) {
    self.configuration = configuration
    self.store = store
    self.transport = transport
    self.time = time
    self.random = random
    self.log = log
    self.deliver = deliver
  }

  /// When `run` must be called next without an input, on `time.elapsed()`; nil: not before one.
  package var deadline: Duration? {
    if case .pausing(let until, _) = phase { until } else { nil }
  }

  /// Everything is acknowledged, or central cannot be reached at present.
  package var isQuiet: Bool {
    switch phase {
    case .idle: true
    case .pausing(let until, _): state.failures > 0 && until > time.elapsed()
    case .looking, .sending, .settling: false
    }
  }

  package func receive(_ input: Input) {
    switch (input, phase) {
    case (.outbox, .idle): phase = .looking
    case (.outbox, _): break
    case (.answered(let result), .sending(let batch)): answered(result, batch)
    case (.settled(let result), .settling): settled(result)
    case (.answered, _), (.settled, _): preconditionFailure("one batch is in flight, and one settlement")
    }
  }

  /// The relay is about to stop: what waits is tried at once, unless central asked for patience with a
  /// `Retry-After`. `isQuiet` says when there is nothing more to hope for.
  package func flush() {
    isFlushing = true
    switch phase {
    case .idle, .pausing(_, isAsked: false): phase = .looking
    case .looking, .sending, .settling, .pausing: break
    }
  }

  /// Does all that can be done now.
  package func run() {
    if case .pausing(let until, _) = phase, time.elapsed() >= until { phase = .looking }
    guard case .looking = phase else { return }
    do throws(StoreError) {
      try look()
    } catch {
      pause(.seconds(1), why: error.message)
    }
  }

  private func look() throws(StoreError) {
    let limit = state.batchLimit
    let acked = state.acked
    let view = try store.read { (snapshot) throws(StoreError) in
      try OutboxView(snapshot, after: acked, limit: limit)
    }
    let outbox = view.state
    // A first look, or a new epoch: the store knows what is acknowledged.
    if status.epoch != outbox.epoch {
      state.acked = outbox.first - 1
      state.sent = state.acked
    }
    status.epoch = outbox.epoch
    status.pending = outbox.pending
    status.acked = outbox.first - 1
    // A deletion is bounded: what is acknowledged and still there goes first.
    if view.holdsAcknowledged { return settle() }
    guard let batch = Batch(view.entries, after: state.acked) else {
      phase = .idle
      return
    }
    send(batch, epoch: outbox.epoch)
  }

  private func send(_ batch: Batch, epoch: String) {
    switch configuration.token() {
    case .failure(let unavailable): pause(.seconds(5), why: unavailable.message)
    case .success(let token):
      phase = .sending(batch)
      state.sent = max(state.sent, batch.lastSeq)
      transport.start(request(batch, epoch: epoch, token: token)) { [deliver] in deliver(.answered($0)) }
    }
  }

  private func request(_ batch: Batch, epoch: String, token: String) -> OutgoingRequest {
    let body = JSON.array(writer.events(batch.entries)).serialized()
    var headers = HeaderFields([
      ("Content-Type", "application/cloudevents-batch+json"), ("Content-Encoding", "gzip"),
      ("Authorization", "Bearer \(token)"), ("Petrel-Epoch", epoch),
      ("Petrel-First-Seq", String(batch.firstSeq)), ("Petrel-Last-Seq", String(batch.lastSeq)),
    ])
    if let lost = batch.lostHeader { headers.append("Petrel-Lost", lost) }
    return OutgoingRequest(
      method: "POST", url: "\(configuration.url)/v1/edges/\(configuration.edge)/executions",
      headers: headers, body: Gzip.compress(body), timeout: Self.timeout,
      maxAnswer: Self.largestAnswer, hostIsLiteral: true)
  }

  private func answered(_ result: Result<HTTPAnswer, TransferError>, _ batch: Batch) {
    let reply =
      switch result {
      case .success(let answer):
        UpstreamReply(status: answer.status, headers: answer.headers, body: answer.body, now: time.now())
      case .failure(let error): UpstreamReply(.failed(error.message))
      }
    note(reply)
    let action = UpstreamDecision.decide(
      &state, reply.counted(in: batch, writer), count: batch.entries.count, unit: random.unit())
    switch action {
    case .acknowledge(let pause): acknowledge(isFull: batch.entries.count >= state.batchLimit, pause)
    case .beginEpoch(let pause): beginEpoch(pause)
    case .again(let pause, let why): self.pause(pause, why: why)
    case .obey(let pause): self.pause(pause, why: "central asks to wait", isAsked: true)
    }
  }

  private var writer: CloudEventWriter {
    CloudEventWriter(
      edge: configuration.edge, tag: store.tag, epoch: status.epoch, hasDetails: state.sendsDetails,
      version: versionText)
  }

  private func acknowledge(isFull: Bool, _ pause: Duration) {
    status.lastSuccess = time.now()
    status.lastError = nil
    status.failures = 0
    resumeAt = time.elapsed() + (isFlushing ? .zero : max(pause, isFull ? .zero : Self.gathering))
    settle()
  }

  private func settle() {
    phase = .settling
    store.submit(AcknowledgeOutbox(upTo: state.acked)) { [deliver] in deliver(.settled($0.map { _ in () })) }
  }

  private func beginEpoch(_ pause: Duration) {
    log.warning(
      "central holds more than was sent: this store is an older copy, and begins a new epoch",
      .text("epoch", status.epoch))
    status.failures = state.failures
    resumeAt = time.elapsed() + pause
    phase = .settling
    store.submit(NewEpoch(epoch: NewEpoch.draw(random))) { [deliver] in
      deliver(.settled($0.map { _ in () }))
    }
  }

  private func settled(_ result: Result<Void, StoreError>) {
    switch result {
    case .success: phase = .pausing(until: resumeAt)
    case .failure(let error): pause(.seconds(1), why: error.message)
    }
  }

  private func pause(_ span: Duration, why: String, isAsked: Bool = false) {
    if status.lastError != why {
      log.warning(
        "summaries wait for central", .text("why", why), .number("pause_ms", span.wholeMilliseconds))
    }
    status.lastError = why
    status.failures = state.failures
    phase = .pausing(until: time.elapsed() + span, isAsked: isAsked)
  }

  private func note(_ reply: UpstreamReply) {
    guard !reply.rejected.isEmpty else { return }
    status.rejected += reply.rejected.count
    status.latestRejected = Array((status.latestRejected + reply.rejected).suffix(20))
    for rejected in reply.rejected.prefix(5) {
      log.warning("central rejected a summary", .text("id", rejected.id), .text("reason", rejected.reason))
    }
  }

  private func versionText(_ number: UInt32) -> String {
    if let known = versions[number] { return known }
    do throws(StoreError) {
      let version = try store.read { (snapshot) throws(StoreError) in try snapshot.version(number) }
      guard let version else { return String(number) }
      let text = Hex.text(version.hash)
      versions[number] = text
      return text
    } catch {
      log.error("a workflow version cannot be read", .number("version", number), .text("why", error.message))
      return String(number)
    }
  }
}

/// One look at the outbox. (A type of its own because the compiler cannot pass a tuple through the
/// store's read.)
private struct OutboxView {
  let state: OutboxState
  let entries: [OutboxEntry]

  init(_ snapshot: borrowing Snapshot, after acked: UInt64, limit: Int) throws(StoreError) {
    state = try snapshot.outboxState()
    entries = try snapshot.outbox(after: max(acked, state.first - 1), limit: limit)
  }

  /// Something lies before the entries that central still misses. (An entry that covers both what is
  /// acknowledged and what is not, folded while its ends were on their way, is not among that.)
  var holdsAcknowledged: Bool {
    guard let first = entries.first else { return state.pending > 0 }
    return first.first > state.first
  }
}
