internal import RelayThreads
internal import Synchronization

/// A thread that does the interface's work one request after another, so that a look at the store or a wait
/// for a commit never holds up a loop.
final class AdminWorker: Sendable {
  typealias Job = @Sendable () -> Void

  /// Requests that may wait; one more is refused.
  static let bound = 256

  private let inbox = Inbox<Job?>()
  private let waiting = Atomic<Int>(0)
  private let thread = Mutex<NamedThread?>(nil)

  init(_ name: String) {
    thread.withLock { $0 = NamedThread(name) { [self] in run() } }
  }

  /// Hands a job over; any thread. False where too many wait.
  func submit(_ job: @escaping Job) -> Bool {
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.bound else {
      waiting.subtract(1, ordering: .relaxed)
      return false
    }
    inbox.put(job)
    return true
  }

  /// Waits for what was handed over, and ends the thread.
  func stop() {
    inbox.put(nil)
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
  }

  private func run() {
    while true {
      for job in inbox.wait(atMost: nil) {
        guard let job else { return }
        job()
        waiting.subtract(1, ordering: .relaxed)
      }
    }
  }
}
