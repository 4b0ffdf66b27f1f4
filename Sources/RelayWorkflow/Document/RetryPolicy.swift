package import RelayModel

/// How a failed attempt is repeated. The default has no limit of attempts, but one of time.
package struct RetryPolicy: Hashable, Sendable {
  package enum Jitter: String, Sendable, CaseIterable {
    /// Anything from nothing to the whole wait.
    case full
    /// The wait itself.
    case none
  }

  package var backoff = Backoff()
  package var jitter = Jitter.full
  /// `for`: how long after its first attempt a step may still begin one.
  package var span = Duration.seconds(7 * 86_400)
  /// How many attempts may be made; nil for any number.
  package var attempts: Int?

  package init() {}
}
