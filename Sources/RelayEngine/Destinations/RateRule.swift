internal import RelayHTTP
internal import RelayModel

/// How many requests a destination may get in a span: evenly spread, with a tenth of them, or two, at once at most.
package struct RateRule: Sendable, Hashable {
  package let requests: Int
  package let per: Duration

  /// `requests` from 1.
  package init(requests: Int, per: Duration) {
    self.requests = max(requests, 1)
    self.per = per
  }

  /// What one request takes of the span.
  var interval: Duration { per / requests }

  /// How far ahead of the even spread a request may be.
  fileprivate var tolerance: Duration { interval * (max(requests / 10, min(requests, 2)) - 1) }
}

/// Counts requests against a rule: the generic cell rate algorithm, which needs one span.
struct RateMeter {
  let rule: RateRule
  /// How far what has gone was ahead of the even spread, at an instant.
  private var ahead: Duration
  private var at: Timestamp

  /// Begins as if all that may go at once had just gone `at` that instant: what went before is not known.
  init(_ rule: RateRule, at: Timestamp) {
    self.rule = rule
    self.ahead = rule.tolerance
    self.at = at
  }

  /// When the next request may go; `now` where it may go at once.
  func next(now: Timestamp) -> Timestamp { now + max(.zero, ahead(now) - rule.tolerance) }

  mutating func count(now: Timestamp) {
    ahead = ahead(now) + rule.interval
    at = now
  }

  private func ahead(_ now: Timestamp) -> Duration { max(.zero, ahead - (now - at)) }
}

/// The rules of a configuration, by host.
package struct RateRules: Sendable, Hashable {
  private let rules: [String: RateRule]

  /// - Parameter rules: by `host` or `host:port`, as a URL has them.
  package init(_ rules: [String: RateRule] = [:]) { self.rules = rules }

  /// The rule of the host and port, else of the host.
  func rule(of destination: Destination) -> RateRule? {
    guard !rules.isEmpty else { return nil }
    return rules["\(destination.host):\(destination.port)"] ?? rules["\(destination.host)"]
  }
}
