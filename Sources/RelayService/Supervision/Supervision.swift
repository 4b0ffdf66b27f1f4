internal import CLinux
internal import Glibc
internal import RelayModel
internal import RelayThreads
internal import Synchronization

/// Tells whoever supervises the process how it stands: ready once `/readyz` says so, and alive for as long as
/// those threads take their turns without which nothing goes on.
///
/// One thread runs `run`; `reload`, `stopping` and `stop` come from any other.
final class Supervision: Sendable {
  /// What a supervisor asked for.
  struct Wishes: Sendable, Equatable {
    /// The longest silence before it takes the process for dead; nil where it does not watch.
    var watchdog: Duration?

    init(watchdog: Duration? = nil) { self.watchdog = watchdog }

    /// `WATCHDOG_USEC`, where it is meant for `process` (`WATCHDOG_PID`).
    init(environment: [String: String], process: pid_t) {
      let isMeant = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
      guard isMeant, let span = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), span > 0 else { return }
      watchdog = .microseconds(span)
    }
  }

  /// How the relay stands.
  struct Standing: Sendable {
    var isReady: Bool
    /// In one line.
    var status: String
  }

  fileprivate struct State {
    var hasToldReady = false
    var isStopping = false
    var hasComplained = false
    var status = ""
  }

  private let socket: NotifySocket
  private let wishes: Wishes
  /// Asked for a pulse while the relay serves.
  private let serving: [Pulse]
  /// Asked for one until the end.
  private let lasting: [Pulse]
  private let standing: @Sendable () -> Standing
  private let log: any Log
  private let state = Mutex(State())
  private let inbox = Inbox<Void>()
  private let hasEnded = Atomic(false)

  /// The longest time between two looks: the status is as old as that at most.
  private static let slowest = Duration.seconds(5)
  /// The same before the relay is ready.
  private static let eager = Duration.milliseconds(200)
  /// What a supervisor has to wait beyond what was said.
  fileprivate static let margin = Duration.seconds(15)

  init(
    _ socket: NotifySocket, _ wishes: Wishes, serving: [Pulse], lasting: [Pulse], log: any Log,
    standing: @escaping @Sendable () -> Standing
  ) {
    self.socket = socket
    self.wishes = wishes
    self.serving = serving
    self.lasting = lasting
    self.log = log
    self.standing = standing
  }

  /// Runs until `stop`.
  func run() {
    while !hasEnded.load(ordering: .acquiring) {
      beat()
      _ = inbox.wait(atMost: interval)
    }
  }

  /// One look: tells what has changed, and that the process lives.
  func beat() {
    let standing = standing()
    let (notice, isStopping) = state.withLock { ($0.news(standing), $0.isStopping) }
    if let notice { send(notice) }
    guard wishes.watchdog != nil else { return }
    // All are asked, so that each has its next question.
    let beats = (lasting + (isStopping ? [] : serving)).map { $0.beat() }
    if beats.allSatisfy({ $0 }) { send(.alive) }
  }

  /// Runs `body`, with the supervisor told that a reload is under way.
  func reload(_ body: () -> Void) {
    guard state.withLock({ $0.hasToldReady && !$0.isStopping }) else { return body() }
    send(.reloading(monotonic: Self.monotonic))
    body()
    let standing = standing()
    state.withLock { $0.status = standing.status }
    send(.ready(standing.status))
  }

  /// The end has begun, and takes `patience` at most.
  func stopping(_ patience: Duration) {
    state.withLock { $0.isStopping = true }
    send(.stopping(patience: patience + Self.margin))
  }

  /// Ends `run`.
  func stop() {
    hasEnded.store(true, ordering: .releasing)
    inbox.put(())
  }

  /// A quarter of what the supervisor bears, so that one late turn of a thread is none too many.
  private var interval: Duration {
    let watch = wishes.watchdog.map { max($0 / 4, .milliseconds(10)) } ?? Self.slowest
    return min(watch, state.withLock { $0.hasToldReady } ? Self.slowest : Self.eager)
  }

  /// The first failure is told of; a supervisor that is gone must not fill the log.
  private func send(_ notice: ServiceNotice) {
    do throws(NotifySocket.Failure) {
      try socket.send(notice)
    } catch {
      let isFirst = state.withLock { state in
        defer { state.hasComplained = true }
        return !state.hasComplained
      }
      if isFirst { log.warning("the supervisor cannot be told", .text("why", error.description)) }
    }
  }

  /// clock_gettime(2), `CLOCK_MONOTONIC`: the clock that the supervisor compares with.
  private static var monotonic: Duration {
    let nanoseconds = petrel_clock_nanoseconds(CLOCK_MONOTONIC)
    precondition(nanoseconds >= 0, "every kernel has CLOCK_MONOTONIC")
    return .nanoseconds(nanoseconds)
  }
}

extension Supervision.State {
  /// What there is to be told, and notes that it was.
  fileprivate mutating func news(_ standing: Supervision.Standing) -> ServiceNotice? {
    if isStopping { return nil }
    if !hasToldReady {
      hasToldReady = standing.isReady
      status = standing.status
      return standing.isReady
        ? .ready(standing.status) : .waiting(standing.status, patience: Supervision.margin)
    }
    guard standing.status != status else { return nil }
    status = standing.status
    return .status(standing.status)
  }
}
