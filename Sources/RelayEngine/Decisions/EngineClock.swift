package import RelayModel

/// The engine's own clock, which due instants are written and judged by. It neither jumps nor goes
/// back: a step of the wall clock makes no retry early, late, or all of them at once.
///
/// It begins at the wall clock, or where an earlier process left off, where the wall clock went back
/// in between, and then follows the monotonic clock. Where the two have come apart it runs
/// a tenth faster or slower until they agree.
///
/// | the wall clock … | in the next hour the engine's clock passes |
/// | --- | --- |
/// | agrees | 60 min |
/// | went 3 s forward | 60 min 3 s |
/// | went a day forward | 66 min |
/// | went a day back | 54 min |
package struct EngineClock: Sendable {
  private var instant: Timestamp
  private var elapsed: Duration

  /// - Parameter latest: the latest instant of an earlier process's clock that the store has seen.
  package init(wall: Timestamp, elapsed: Duration, latest: Timestamp) {
    self.instant = max(wall, latest)
    self.elapsed = elapsed
  }

  /// The instant now, given both clocks of the machine. Rises with every call, or stays.
  package mutating func now(wall: Timestamp, elapsed: Duration) -> Timestamp {
    let passed = max(elapsed - self.elapsed, .zero)
    // Less than a tenth of a millisecond's slewing would be lost in rounding: wait for more.
    guard passed >= .milliseconds(1) else { return instant }
    let steady = instant + passed
    let slack = passed / 10
    let apart = min(max(wall - steady, .zero - slack), slack)
    instant = max(instant, steady + apart)
    self.elapsed += .milliseconds(passed.wholeMilliseconds)
    return instant
  }
}
