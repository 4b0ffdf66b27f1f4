package import RelayModel
internal import Synchronization

/// A token bucket for each hook that has a limit.
///
/// It lives outside the configuration that a reload replaces, so that a reload refills nothing: a bucket
/// keeps its level under a changed limit, up to the new size.
package final class RateLimiter: Sendable {
  /// So many requests in one span; the bucket holds as many.
  package struct Limit: Sendable, Hashable {
    package var requests: Int
    package var per: Duration

    package init(requests: Int, per: Duration) {
      precondition(requests > 0 && per > .zero, "a rate limit lets something through")
      self.requests = requests
      self.per = per
    }
  }

  private struct Bucket {
    var tokens: Double
    var filledAt: Duration
  }

  private let buckets = Mutex<[String: Bucket]>([:])
  private let time: any TimeSource

  package init(time: any TimeSource) { self.time = time }

  /// Takes one token of `hook`. Nil: go on. Otherwise the whole seconds, at least one, after which
  /// there will be one.
  package func take(_ hook: String, _ limit: Limit) -> Int? {
    let now = time.elapsed()
    let perSecond = Double(limit.requests) / limit.per.fractionalSeconds
    return buckets.withLock { buckets in
      var bucket = buckets[hook] ?? Bucket(tokens: Double(limit.requests), filledAt: now)
      let gained = max(0, (now - bucket.filledAt).fractionalSeconds) * perSecond
      bucket.tokens = min(Double(limit.requests), bucket.tokens + gained)
      bucket.filledAt = now
      defer { buckets[hook] = bucket }
      guard bucket.tokens < 1 else {
        bucket.tokens -= 1
        return nil
      }
      return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
    }
  }
}
