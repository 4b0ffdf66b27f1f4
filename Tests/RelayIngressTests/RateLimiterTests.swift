import RelayIngress
import RelayModel
import Synchronization
import Testing

@Suite struct RateLimiterTests {
  @Test func `a full bucket lets its size through, then asks to wait`() {
    let limiter = RateLimiter(time: ManualTime())
    let limit = RateLimiter.Limit(requests: 3, per: .seconds(60))
    #expect((0..<4).map { _ in limiter.take("a", limit) } == [nil, nil, nil, 20])
  }

  @Test func `tokens come back with time, up to the size`() {
    let time = ManualTime()
    let limiter = RateLimiter(time: time)
    let limit = RateLimiter.Limit(requests: 2, per: .seconds(1))
    for _ in 0..<2 { #expect(limiter.take("a", limit) == nil) }
    time.advance(.seconds(3600))
    #expect((0..<3).map { _ in limiter.take("a", limit) } == [nil, nil, 1])
  }

  @Test func `hooks do not share a bucket`() {
    let limiter = RateLimiter(time: ManualTime())
    let limit = RateLimiter.Limit(requests: 1, per: .seconds(1))
    #expect(limiter.take("a", limit) == nil)
    #expect(limiter.take("b", limit) == nil)
    #expect(limiter.take("a", limit) == 1)
  }

  @Test func `a smaller limit does not refill the bucket`() {
    let limiter = RateLimiter(time: ManualTime())
    let wide = RateLimiter.Limit(requests: 2, per: .seconds(1))
    for _ in 0..<2 { #expect(limiter.take("a", wide) == nil) }
    #expect(limiter.take("a", RateLimiter.Limit(requests: 1, per: .seconds(1))) == 1)
  }
}

/// A clock that moves when told.
final class ManualTime: TimeSource {
  private let since = Mutex(Duration.zero)

  func now() -> Timestamp { Timestamp(seconds: 1_790_000_000) + elapsed() }
  func elapsed() -> Duration { since.withLock { $0 } }
  func advance(_ span: Duration) { since.withLock { $0 += span } }
}
