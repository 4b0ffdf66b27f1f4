internal import CLinux
internal import Glibc
internal import Synchronization

/// What other threads hand to a loop: answers, accepted sockets, orders.
///
/// Many answers cost one wake-up: the descriptor is written only while the loop sleeps, and once.
final class LoopInbox: Sendable {
  struct Answer: Sendable {
    let connection: ServerConnection
    /// Of the request that is answered; one that is over is not answered again.
    let serial: UInt64
    let response: HTTPResponse
  }

  /// What the server asks of its loop. They only rise.
  enum Order: Int, Comparable {
    case serve, drain, stop

    static func < (a: Order, b: Order) -> Bool { a.rawValue < b.rawValue }
  }

  struct Mail: Sendable {
    var answers: [Answer] = []
    var sockets: [AcceptedSocket] = []
    var order = Order.serve

    var isEmpty: Bool { answers.isEmpty && sockets.isEmpty }
  }

  private struct State: Sendable {
    var mail = Mail()
    var isAsleep = false
    var isClosed = false
    /// The order that the loop has taken note of.
    var knownOrder = Order.serve
  }

  /// Readable when there is mail for a sleeping loop: an eventfd(2).
  let wakeDescriptor: Int32
  /// Connections that the loop owns or is about to: what new ones are shared out by.
  let load = Atomic(0)
  private let state = Mutex(State())

  init() throws(ServerError) {
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeDescriptor >= 0 else { throw .systemFailed(call: "eventfd", why: reason(errno)) }
  }

  deinit { Glibc.close(wakeDescriptor) }

  /// Any thread. An answer to a loop that has ended is dropped: its connection is closed.
  func post(_ answer: Answer) {
    put { $0.answers.append(answer) }
  }

  /// Any thread. Closes the socket where the loop has ended.
  func post(_ socket: AcceptedSocket) {
    if !put({ $0.sockets.append(socket) }) { socket.close() }
  }

  /// Any thread. Orders only rise; a lower one is ignored.
  func post(_ order: Order) {
    put { $0.order = max($0.order, order) }
  }

  /// Loop thread: moves all that waits into `mail`, which is empty, and stays awake.
  func take(into mail: inout Mail) {
    state.withLock { state in
      state.isAsleep = false
      swap(&state.mail.answers, &mail.answers)
      swap(&state.mail.sockets, &mail.sockets)
      mail.order = state.mail.order
      state.knownOrder = mail.order
    }
  }

  /// Loop thread, before it sleeps: false when there is mail and it must not.
  func fallAsleep() -> Bool {
    state.withLock { state in
      guard state.mail.isEmpty, state.mail.order == state.knownOrder else { return false }
      state.isAsleep = true
      return true
    }
  }

  /// Loop thread, once woken: makes the descriptor unreadable again.
  func clearWake() {
    var count: UInt64 = 0
    unsafe eventfd_read(wakeDescriptor, &count)
  }

  /// Loop thread, at its end: what comes afterwards is refused; what came before is in `mail`.
  func close(into mail: inout Mail) {
    state.withLock { $0.isClosed = true }
    take(into: &mail)
  }

  @discardableResult
  private func put(_ change: (inout Mail) -> Void) -> Bool {
    let (isTaken, wakes) = state.withLock { state in
      guard !state.isClosed else { return (false, false) }
      change(&state.mail)
      let wakes = state.isAsleep
      state.isAsleep = false
      return (true, wakes)
    }
    if wakes { eventfd_write(wakeDescriptor, 1) }
    return isTaken
  }
}
