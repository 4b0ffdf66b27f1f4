internal import Synchronization

/// Whether a thread still takes its turns: it is asked, and answers from within its loop.
final class Pulse: Sendable {
  private let ask: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let isAnswered = Atomic(true)

  /// - Parameter ask: has the thread call what it is given, at its next turn.
  init(_ ask: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) { self.ask = ask }

  /// Whether the last question was answered; if so, the next one is asked. One thread.
  func beat() -> Bool {
    guard isAnswered.load(ordering: .acquiring) else { return false }
    isAnswered.store(false, ordering: .relaxed)
    ask { [self] in isAnswered.store(true, ordering: .releasing) }
    return true
  }
}
