import RelayEngine
import RelayModel
import Testing

@Suite struct EngineClockTests {
  private let start = Timestamp(seconds: 1_790_000_000)

  /// What the clock passes in an hour, asked every `step`, with the wall `ahead` of the engine's clock.
  private func hour(ahead: Duration, step: Duration) -> Duration {
    var clock = EngineClock(wall: start, elapsed: .zero, latest: .epoch)
    var elapsed = Duration.zero
    var now = start
    while elapsed < .seconds(3600) {
      elapsed += step
      now = clock.now(wall: start + ahead + elapsed, elapsed: elapsed)
    }
    return now - start
  }

  @Test(
    arguments: [
      (0, 3_600_000), (3000, 3_603_000), (-3000, 3_597_000), (86_400_000, 3_960_000),
      (-86_400_000, 3_240_000),
    ])
  func `a step of the wall clock is caught up a tenth at a time`(aheadMs: Int, passedMs: Int) {
    #expect(hour(ahead: .milliseconds(aheadMs), step: .seconds(10)) == .milliseconds(passedMs))
    #expect(hour(ahead: .milliseconds(aheadMs), step: .milliseconds(50)) == .milliseconds(passedMs))
  }

  @Test func `it begins at the store's last instant where the wall clock went back meanwhile`() {
    var clock = EngineClock(wall: start, elapsed: .seconds(5), latest: start + .seconds(900))
    let first = clock.now(wall: start, elapsed: .seconds(5))
    #expect(first == start + .seconds(900))
  }

  @Test func `it never goes back`() {
    var clock = EngineClock(wall: start, elapsed: .seconds(5), latest: .epoch)
    var last = clock.now(wall: start, elapsed: .seconds(5))
    for (wall, elapsed) in [(9, 6.0), (-400, 6.5), (-400, 6.0), (0, 6.0001), (80_000, 7)] {
      let now = clock.now(wall: start + .seconds(wall), elapsed: .seconds(elapsed))
      #expect(now >= last)
      last = now
    }
  }
}
