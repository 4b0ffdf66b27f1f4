internal import RelayModel
internal import Synchronization

/// The machine's clock, which a dry run moves on to the next due instant instead of waiting for it.
final class TrialTime: TimeSource {
  private let real = SystemTime()
  private let ahead = Mutex(Duration.zero)

  func now() -> Timestamp { real.now() + ahead.withLock { $0 } }

  func elapsed() -> Duration { real.elapsed() + ahead.withLock { $0 } }

  /// Goes on to `instant`, if it is still to come.
  func skip(to instant: Timestamp) {
    let missing = instant - now()
    if missing > .zero { ahead.withLock { $0 += missing } }
  }
}
