internal import Synchronization

/// What ended the store: the first failure of the disk, whoever met it. What the disk holds is unknown from
/// then on.
final class StoreFailure: Sendable {
  private struct State {
    var why: String?
    var sink: (@Sendable (String) -> Void)?
  }

  private let state = Mutex(State())

  var why: String? { state.withLock { $0.why } }

  /// Any thread. Only the first counts, and is told.
  func note(_ why: String) {
    let sink: (@Sendable (String) -> Void)? = state.withLock { state in
      guard state.why == nil else { return nil }
      state.why = why
      return state.sink
    }
    sink?(why)
  }

  /// Names who is to be told: on the thread that meets the failure, or at once where there is one.
  func tell(_ sink: @escaping @Sendable (String) -> Void) {
    let why = state.withLock { state in
      state.sink = sink
      return state.why
    }
    if let why { sink(why) }
  }
}
