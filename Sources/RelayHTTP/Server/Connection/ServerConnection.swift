internal import CMicroHTTPD
internal import RelayModel

/// A client's connection and the request it is at.
///
/// Owned by one loop and touched on its thread only; other threads carry the reference in an exchange and
/// hand it back through the inbox, which is what makes it safe to send.
@safe final class ServerConnection: @unchecked Sendable {
  /// How far the connection is. Each phase ends by its `deadline` at the latest.
  ///
  /// ```
  /// waiting ─ head ─▶ receiving ─ body ─▶ responding ─ answer ─▶ sending ─ sent ─▶ waiting
  ///    └─ too slow ──────┴─ refused ─▶ lingering ─ read to its end ─▶ closing
  /// ```
  enum Phase {
    /// No request's head is complete. The deadline is the next look at whether one has begun.
    case waiting
    /// The head was admitted and the body comes in.
    case receiving
    /// A refusal was sent before the body had come; what still comes is thrown away, so that the client
    /// reads the refusal and not a reset.
    case lingering
    /// The responder has the request.
    case responding
    /// The answer goes out.
    case sending
    /// The socket is shut; libmicrohttpd will notice.
    case closing
  }

  let socket: Int32
  let peer: Peer
  let isTLS: Bool
  let inbox: LoopInbox
  /// libmicrohttpd's own, from the connection's start to its end.
  var handle: OpaquePointer?
  /// Where it stands in the loop's list.
  var slot = 0

  var phase = Phase.waiting
  /// When the phase began, on the loop's clock.
  var since: Duration
  /// When the loop looks after it, on the loop's clock.
  var deadline: Duration
  /// When the first byte of the request that is coming was noticed.
  var firstByteAt: Duration?
  /// Requests begun: tells an answer that came too late from one that is awaited.
  var serial: UInt64 = 0

  var target = ""
  /// Where the target stands in libmicrohttpd's buffer: its neighbours show what the parser hid.
  var targetStart: UnsafePointer<UInt8>?
  var targetCount = 0
  var head: RequestHead?
  var framing = RequestFraming()
  var body: [UInt8] = []
  var bodyLimit = 0
  /// Body bytes that count as in flight until the request is over.
  var inflight = 0
  /// Body bytes that had come at the last look; -1 before the first.
  var seenAtLook = -1
  /// Body bytes that were thrown away.
  var discarded = 0
  /// The answer, once known, until it can be queued.
  var answer: HTTPResponse?
  /// How often libmicrohttpd has asked for an answer that was not there yet.
  var asked = 0
  /// Whether libmicrohttpd was told to leave the connection alone until its answer comes.
  var isSuspended = false

  init(_ socket: AcceptedSocket, peer: Peer, isTLS: Bool, inbox: LoopInbox, at now: Duration) {
    self.socket = socket.descriptor
    self.peer = peer
    self.isTLS = isTLS
    self.inbox = inbox
    since = now
    deadline = now
  }

  func enter(_ phase: Phase, at now: Duration, for limit: Duration) {
    self.phase = phase
    since = now
    deadline = now + limit
  }

  /// Forgets the request; the connection may carry another.
  func endRequest() {
    serial += 1
    firstByteAt = nil
    target = ""
    unsafe targetStart = nil
    head = nil
    body = []
    inflight = 0
    seenAtLook = -1
    discarded = 0
    answer = nil
    asked = 0
    isSuspended = false
  }
}
