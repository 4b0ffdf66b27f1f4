internal import Glibc

/// How long to wait before trying again: a base that grows, and a jitter that spreads it.
///
/// The two are separate and pure, so that a table can check the one and a seed the other. With the
/// defaults (1 s, factor 2, at most 1 h):
///
/// | failures so far | 1 | 2 | 3 | 4 | 5 | 8 | 12 | 13 and more |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | base | 1 s | 2 s | 4 s | 8 s | 16 s | 128 s | 2,048 s | 1 h |
/// | full jitter, mean | 0.5 s | 1 s | 2 s | 4 s | 8 s | 64 s | 1,024 s | 30 min |
package struct Backoff: Sendable, Hashable {
  /// The base after the first failure.
  package var initial: Duration
  /// What each further failure multiplies the base by; 1 or more.
  package var factor: Double
  /// What the base never passes.
  package var max: Duration

  package init(initial: Duration = .seconds(1), factor: Double = 2, max: Duration = .seconds(3600)) {
    self.initial = initial
    self.factor = factor
    self.max = max
  }

  /// The wait without jitter after `failures` failures in a row (1 or more).
  package func base(afterFailures failures: Int) -> Duration {
    let power = pow(factor, Double(Swift.max(failures, 1) - 1))
    return capped(Double(initial.wholeMilliseconds) * power)
  }

  /// The wait without jitter where failures are not counted, only the time since the first attempt
  /// is known: the base that counting would have reached by then.
  ///
  /// After n waits of a geometric row, the next is `initial + (factor - 1) × their sum`.
  package func base(afterFailingFor elapsed: Duration) -> Duration {
    let spent = Double(Swift.max(elapsed.wholeMilliseconds, 0))
    return capped(Double(initial.wholeMilliseconds) + (factor - 1) * spent)
  }

  /// Full jitter: anything from nothing to `base`, all equally likely. `unit` is in `0..<1`.
  package static func fullJitter(_ base: Duration, unit: Double) -> Duration {
    .milliseconds(Int64(Double(base.wholeMilliseconds) * unit))
  }

  private func capped(_ milliseconds: Double) -> Duration {
    // Written so that NaN and infinity, which a hostile factor can produce, end at `max`.
    guard milliseconds < Double(max.wholeMilliseconds) else { return max }
    return .milliseconds(Int64(milliseconds))
  }
}
