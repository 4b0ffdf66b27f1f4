/// Durations counted in buckets, as a Prometheus histogram wants them.
package struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds; what is longer stands in the last bucket.
  package static let bounds: [Duration] = [
    .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
    .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500), .seconds(5), .seconds(10),
    .seconds(30),
  ]

  /// One more than there are bounds. Not cumulative.
  package private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
  package private(set) var sum = Duration.zero
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ duration: Duration) {
    buckets[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
    sum += duration
    count += 1
  }
}
