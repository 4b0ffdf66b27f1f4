/// A wall-clock instant, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// The relay stores, compares and prints instants at this precision only.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since the Unix epoch; negative before it.
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whole seconds since the Unix epoch, as most signature schemes carry them.
  package init(seconds: Int64) {
    self.milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue
  }

  package static let epoch = Timestamp(milliseconds: 0)
  /// The latest instant that can be stored.
  package static let distantFuture = Timestamp(milliseconds: Int64.max / 2)

  package var seconds: Int64 {
    milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
  }

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// Saturates instead of overflowing, so that a hostile duration cannot trap.
  package static func + (a: Timestamp, b: Duration) -> Timestamp {
    let (sum, overflow) = a.milliseconds.addingReportingOverflow(b.wholeMilliseconds)
    guard !overflow else { return b >= .zero ? .distantFuture : Timestamp(milliseconds: .min) }
    return Timestamp(milliseconds: sum)
  }

  package static func - (a: Timestamp, b: Duration) -> Timestamp { a + (.zero - b) }

  package static func - (a: Timestamp, b: Timestamp) -> Duration {
    let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
    return .milliseconds(overflow ? (a > b ? Int64.max : Int64.min) : difference)
  }
}

extension Duration {
  /// The duration in whole milliseconds, rounded towards zero; saturates at the ends of Int64.
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds > 0 ? .max : .min }
    let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return overflowed ? (seconds > 0 ? .max : .min) : sum
  }

  /// The duration in seconds, for metrics and for people.
  package var fractionalSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
