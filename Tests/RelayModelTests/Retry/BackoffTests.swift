import RelayModel
import Testing

@Suite struct BackoffTests {
  @Test(
    arguments: [
      (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (8, 128), (12, 2048), (13, 3600), (14, 3600),
      (1_000_000, 3600),
    ])
  func `the base doubles up to its cap`(failures: Int, seconds: Int) {
    #expect(Backoff().base(afterFailures: failures) == .seconds(seconds))
  }

  @Test func `no failure yet waits like the first`() {
    #expect(Backoff().base(afterFailures: 0) == .seconds(1))
  }

  @Test func `a factor of one keeps the base`() {
    let steady = Backoff(initial: .milliseconds(250), factor: 1, max: .seconds(60))
    #expect(steady.base(afterFailures: 40) == .milliseconds(250))
  }

  @Test func `an initial wait over the cap is the cap`() {
    #expect(Backoff(initial: .seconds(90), max: .seconds(60)).base(afterFailures: 1) == .seconds(60))
  }

  @Test(arguments: [Double.infinity, .nan])
  func `a factor that is no number ends at the cap`(factor: Double) {
    #expect(Backoff(factor: factor, max: .seconds(60)).base(afterFailures: 3) == .seconds(60))
  }

  @Test(arguments: [(0, 1), (1, 2), (3, 4), (7, 8), (127, 128), (100_000, 3600), (-5, 1)])
  func `the time spent stands for the failures that were not counted`(spent: Int, seconds: Int) {
    #expect(Backoff().base(afterFailingFor: .seconds(spent)) == .seconds(seconds))
  }

  @Test(arguments: [(0.0, 0), (0.25, 2000), (0.5, 4000), (0.999, 7992)])
  func `full jitter is a part of the base`(unit: Double, milliseconds: Int) {
    #expect(Backoff.fullJitter(.seconds(8), unit: unit) == .milliseconds(milliseconds))
  }
}
