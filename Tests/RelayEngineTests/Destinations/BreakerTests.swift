import RelayEngine
import RelayModel
import Testing

@Suite struct BreakerTests {
  private let rule = Breaker.Rule(failures: 3, probe: .seconds(1), max: .seconds(5))
  private let start = Timestamp(seconds: 1_790_000_000)

  /// Asks, and sends where that is allowed.
  private func ask(_ box: Box, _ now: Timestamp) -> Timestamp? {
    let until = box.breaker.closedUntil(now: now)
    if until == nil { box.breaker.begin() }
    return until
  }

  /// The macro's expansion takes no `inout`, so the tests hold a breaker by reference.
  private final class Box {
    var breaker = Breaker()
    func learn(_ verdict: Breaker.Verdict, rule: Breaker.Rule, now: Timestamp) -> Bool {
      breaker.learn(verdict, isProbe: true, rule: rule, now: now)
    }
    var state: Breaker.State { breaker.state }
  }

  private func opened() -> Box {
    let breaker = Box()
    for _ in 0..<3 { _ = breaker.learn(.failed, rule: rule, now: start) }
    return breaker
  }

  @Test func `failures in a row open it, and only the opening is to be kept`() {
    let breaker = Box()
    #expect(!breaker.learn(.failed, rule: rule, now: start))
    #expect(!breaker.learn(.failed, rule: rule, now: start))
    #expect(ask(breaker, start) == nil)
    #expect(breaker.learn(.failed, rule: rule, now: start))
    #expect(ask(breaker, start) == start + .seconds(1))
  }

  @Test func `a sign of life in between begins the count anew`() {
    let breaker = Box()
    for verdict in [Breaker.Verdict.failed, .failed, .alive, .failed, .failed] {
      #expect(!breaker.learn(verdict, rule: rule, now: start))
    }
    #expect(breaker.state == .closed(failures: 2))
  }

  @Test func `what tells nothing changes no count`() {
    let breaker = Box()
    for _ in 0..<10 { #expect(!breaker.learn(.unknown, rule: rule, now: start)) }
    #expect(breaker.breaker == Breaker())
  }

  @Test func `one probe goes when the instant has come, and nobody else`() {
    let breaker = opened()
    #expect(ask(breaker, start + .milliseconds(999)) == start + .seconds(1))
    #expect(ask(breaker, start + .seconds(1)) == nil)
    #expect(ask(breaker, start + .seconds(1)) == start + .seconds(2))
  }

  @Test func `failing probes double the delay up to its cap`() {
    let breaker = opened()
    var now = start + .seconds(1)
    for seconds in [2, 4, 5, 5] {
      #expect(ask(breaker, now) == nil)
      #expect(breaker.learn(.failed, rule: rule, now: now))
      #expect(breaker.state == .open(until: now + .seconds(seconds), delay: .seconds(seconds)))
      now = now + .seconds(seconds)
    }
  }

  @Test func `a probe that lives closes it, and that is to be kept`() {
    let breaker = opened()
    _ = ask(breaker, start + .seconds(1))
    #expect(breaker.learn(.alive, rule: rule, now: start + .seconds(1)))
    #expect(breaker.breaker == Breaker())
  }

  @Test func `a probe that was cancelled lets the next one go at once`() {
    let breaker = opened()
    _ = ask(breaker, start + .seconds(1))
    #expect(!breaker.learn(.unknown, rule: rule, now: start + .seconds(1)))
    #expect(ask(breaker, start + .seconds(1)) == nil)
  }

  @Test func `late failures of requests from before the opening change nothing`() {
    let breaker = opened()
    let before = breaker.breaker
    #expect(!breaker.learn(.failed, rule: rule, now: start + .milliseconds(500)))
    #expect(breaker.breaker == before)
  }

  @Test func `a late sign of life from before the opening closes it`() {
    let breaker = opened()
    #expect(breaker.learn(.alive, rule: rule, now: start + .milliseconds(500)))
    #expect(breaker.breaker.isClosed)
  }

  @Test func `an opening survives a restart, but never lies further ahead than its delay`() {
    let near = Breaker(
      failures: 3, openUntil: start + .seconds(2), delay: .seconds(4), rule: rule, now: start)
    #expect(near.state == .open(until: start + .seconds(2), delay: .seconds(4)))
    let far = Breaker(
      failures: 3, openUntil: start + .seconds(86_400), delay: .seconds(900), rule: rule, now: start)
    #expect(far.state == .open(until: start + .seconds(5), delay: .seconds(5)))
    let closed = Breaker(failures: 2, openUntil: nil, delay: .zero, rule: rule, now: start)
    #expect(closed.state == .closed(failures: 2))
  }
}
