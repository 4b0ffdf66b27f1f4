internal import RelayModel
internal import Synchronization

/// Slows down whoever guesses tokens: an address may fail ten times, and once more every six seconds.
final class FailureThrottle: Sendable {
  struct Failures {
    var count: Double
    var at: Duration

    /// What of them is not forgiven yet.
    func left(at now: Duration) -> Double {
      max(0, count - (now - at).fractionalSeconds / FailureThrottle.forgiveness.fractionalSeconds)
    }
  }

  /// Failures that an address may make at once.
  static let allowance = 10.0
  /// How soon one of them is forgiven.
  static let forgiveness = Duration.seconds(6)
  /// Addresses that are remembered; beyond it the forgiven ones are dropped, then all.
  static let addresses = 4096

  private let failures = Mutex<[String: Failures]>([:])
  private let time: any TimeSource

  init(time: any TimeSource) { self.time = time }

  /// The whole seconds until `client` may try again; nil where it may now.
  func delay(of client: String) -> Int? {
    let now = time.elapsed()
    let count = failures.withLock { $0[client]?.left(at: now) ?? 0 }
    guard count > Self.allowance - 1 else { return nil }
    let forgiven = (count - Self.allowance + 1) * Self.forgiveness.fractionalSeconds
    return max(1, Int(forgiven.rounded(.up)))
  }

  func recordFailure(of client: String) {
    let now = time.elapsed()
    failures.withLock { failures in
      if failures.count >= Self.addresses, failures[client] == nil {
        failures = failures.filter { $0.value.left(at: now) > 0 }
        if failures.count >= Self.addresses { failures = [:] }
      }
      failures[client] = Failures(count: (failures[client]?.left(at: now) ?? 0) + 1, at: now)
    }
  }
}
