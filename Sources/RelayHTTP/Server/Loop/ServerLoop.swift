internal import CLinux
internal import CMicroHTTPD
internal import Glibc
internal import RelayModel
internal import Synchronization

/// One thread that receives and answers: a libmicrohttpd daemon, the connections that it owns, and the
/// deadlines that libmicrohttpd does not keep.
///
/// All state but the inbox and the published counters belongs to the thread that runs `run()`; before it
/// starts, to the one that made the loop.
@safe final class ServerLoop: @unchecked Sendable {
  let inbox: LoopInbox
  let limits: ServerLimits
  let responder: any Responder
  let time: any TimeSource
  let flight: Flight
  let isTLS: Bool
  let name: String
  private let published = Mutex(ServerCounters())
  /// Open once the loop drains and has no connections left.
  let drained: Gate

  private var daemon: EmbeddedDaemon?
  /// Only the first loop accepts, for all.
  private var listener: ListeningSocket?
  private let everyInbox: [LoopInbox]
  private var acceptsAgainAt = Duration.zero

  var connections: [ServerConnection] = []
  /// How many connections an address has here.
  var connectionsByAddress: [UInt64: Int] = [:]
  /// Of `connections`, those that are shut and only wait for libmicrohttpd to notice.
  var closing = 0
  /// The connection that is being handed to libmicrohttpd.
  var adopting: ServerConnection?
  /// Room for the fields of a head, kept from one to the next.
  var fields: [RawField] = unsafe []
  var order = LoopInbox.Order.serve
  var counters = ServerCounters()
  /// Both clocks as of this turn: one reading serves all that happens in it.
  var now: Duration
  var wallNow: Timestamp
  private var nextSweep = Duration.zero
  private var mail = LoopInbox.Mail()

  /// Rises with everything that libmicrohttpd calls for, but for an answer that is not there yet.
  var progress = 0
  /// Requests that wait for their answer without being suspended: libmicrohttpd claims work for them.
  var parked = 0
  /// Whether this turn began because nothing had come for a while.
  private(set) var isLate = false
  /// Whether part of a body came in this turn, and its rest may be there to be read.
  var expectsMore = false
  /// Whether libmicrohttpd claims to have work left that no descriptor announces.
  private var claimsWork = false
  /// Turns in a row for which it claimed so and then called for nothing. A parser that cannot go on (a chunk
  /// line that fills its buffer) claims for ever; that is believed so often, then the loop sleeps a little
  /// each turn.
  private var fruitlessTurns = 0
  private static let mostFruitlessTurns = 256

  private var hasReportedDrained = false

  /// How often all connections are looked over. It bounds how late a deadline is kept.
  let sweepInterval: Duration
  /// How often a connection without a request is asked whether one has begun.
  let lookInterval: Duration

  /// How many of the server's connections this loop may own.
  let connectionShare: Int
  let addressShare: Int

  init(
    _ configuration: ServerConfiguration, index: Int, inboxes: [LoopInbox],
    listener: consuming ListeningSocket?,
    responder: any Responder, time: any TimeSource, flight: Flight
  ) throws(ServerError) {
    inbox = inboxes[index]
    everyInbox = inboxes
    limits = configuration.limits
    let shortest = min(limits.requestTimeout, limits.headTimeout)
    sweepInterval = max(.milliseconds(10), min(.milliseconds(250), shortest / 16))
    lookInterval = max(.milliseconds(10), min(.seconds(1), shortest / 8))
    self.responder = responder
    self.time = time
    self.flight = flight
    drained = try Gate()
    self.listener = consume listener
    isTLS = configuration.tls != nil
    name = configuration.loops == 1 ? configuration.name : "\(configuration.name)-\(index)"
    connectionShare = Self.share(limits.connections, of: inboxes.count)
    addressShare = Self.share(
      limits.perAddressConnections ?? max(1, limits.connections * 3 / 4), of: inboxes.count)
    now = time.elapsed()
    wallNow = time.now()
    // Connections that are shut count for libmicrohttpd until it notices.
    daemon = unsafe try EmbeddedDaemon(
      memory: limits.headers.bytes + 8192, connections: connectionShare * 2 + 1024, tls: configuration.tls,
      context: Unmanaged.passUnretained(self).toOpaque())
  }

  /// The thread's whole life, from `serve` to `stop`.
  func run() {
    while order < .stop {
      wait()
      turn()
    }
    finish()
  }

  /// Any thread.
  var publishedCounters: ServerCounters { published.withLock { $0 } }

  /// Sleeps until there is something to do.
  private func wait() {
    var timeout: Int32 = 0
    claimsWork = daemon?.hasWorkLeft == true
    // Where answers are awaited there is nearly always no other work than to ask for them. Other work that
    // no descriptor announces (a head that fills the parser's buffer) then waits for the timeout.
    let isFruitless = fruitlessTurns >= Self.mostFruitlessTurns || parked > 0 && !expectsMore
    if !claimsWork || isFruitless, inbox.fallAsleep() {
      timeout = claimsWork ? 2 : millisecondsToSleep()
    }
    let accepts = listener != nil && now >= acceptsAgainAt
    var polled = (
      pollfd(fd: daemon?.epollDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: inbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: accepts ? listener?.descriptor ?? -1 : -1, events: Int16(POLLIN), revents: 0)
    )
    unsafe withUnsafeMutablePointer(to: &polled) { pointer in
      unsafe pointer.withMemoryRebound(to: pollfd.self, capacity: 3) {
        isLate = unsafe poll($0, 3, timeout) == 0 && timeout > 0
      }
    }
    now = time.elapsed()
    wallNow = time.now()
    if polled.1.revents != 0 { inbox.clearWake() }
    if polled.2.revents != 0 { accept() }
  }

  private func turn() {
    inbox.take(into: &mail)
    for socket in mail.sockets { adopt(socket) }
    mail.sockets.removeAll(keepingCapacity: true)
    for answer in mail.answers { resume(answer) }
    mail.answers.removeAll(keepingCapacity: true)
    if mail.order > order {
      order = mail.order
      if order >= .drain { beginDrain() }
    }
    let before = progress
    expectsMore = false
    daemon?.run()
    fruitlessTurns = claimsWork && progress == before ? fruitlessTurns + 1 : 0
    if now >= nextSweep {
      sweep()
      nextSweep = now + sweepInterval
    }
    if order == .drain, connections.isEmpty { reportDrained() }
    counters.open = connections.count
    published.withLock { $0 = counters }
  }

  private func millisecondsToSleep() -> Int32 {
    var until: Duration?
    if !connections.isEmpty { until = nextSweep }
    if listener != nil, acceptsAgainAt > now { until = min(until ?? acceptsAgainAt, acceptsAgainAt) }
    guard let until else { return -1 }
    return Int32(clamping: max(0, (until - now).wholeMilliseconds + 1))
  }

  /// Takes what waits, a bounded number at a turn, and gives each to the loop that has fewest. True when more
  /// may wait.
  @discardableResult
  private func accept() -> Bool {
    for _ in 0..<64 {
      switch listener?.accept() {
      case .nobody, nil: return false
      case .exhausted:
        counters.descriptorsExhausted += 1
        // What waits keeps the descriptor readable: without a pause the loop would spin.
        acceptsAgainAt = now + .milliseconds(100)
        shedOldestIdle(4)
        return false
      case .connection(let socket):
        counters.accepted += 1
        let least = leastLoaded()
        least.load.add(1, ordering: .relaxed)
        if least === inbox { adopt(socket) } else { least.post(socket) }
      }
    }
    return true
  }

  private func leastLoaded() -> LoopInbox {
    var least = inbox
    var lowest = inbox.load.load(ordering: .relaxed)
    for other in everyInbox {
      let load = other.load.load(ordering: .relaxed)
      if load < lowest { (least, lowest) = (other, load) }
    }
    return least
  }

  private func adopt(_ socket: AcceptedSocket) {
    let peer = socket.peer
    guard makeRoom(for: peer) else {
      counters.turnedAway += 1
      inbox.load.subtract(1, ordering: .relaxed)
      return socket.close()
    }
    let connection = ServerConnection(socket, peer: peer, isTLS: isTLS, inbox: inbox, at: now)
    connection.deadline = now + lookInterval
    adopting = connection
    if daemon?.add(socket) != true, adopting != nil {
      counters.turnedAway += 1
      inbox.load.subtract(1, ordering: .relaxed)
    }
    adopting = nil
  }

  /// Those that wait in the kernel's queue, which holds 64 × 64, are taken first: closing the socket would
  /// reset them.
  private func beginDrain() {
    for _ in 0..<64 where listener != nil { if !accept() { break } }
    listener = nil
    for connection in connections where connection.phase == .waiting { connection.deadline = now }
    nextSweep = now
  }

  /// Ends what is left: requests without an answer get 503, and every connection is closed.
  private func finish() {
    inbox.close(into: &mail)
    for socket in mail.sockets { socket.close() }
    for answer in mail.answers { resume(answer) }
    mail = LoopInbox.Mail()
    listener = nil
    for connection in connections where connection.phase == .responding {
      resume(LoopInbox.Answer(connection: connection, serial: connection.serial, response: .stopping))
    }
    // One run resumes and answers, further ones send what the first could not.
    for _ in 0..<8 { daemon?.run() }
    daemon = nil
    counters.open = connections.count
    published.withLock { $0 = counters }
    reportDrained()
  }

  private func reportDrained() {
    if !hasReportedDrained { drained.open() }
    hasReportedDrained = true
  }

  private static func share(_ total: Int, of parts: Int) -> Int { max(1, (total + parts - 1) / parts) }
}
