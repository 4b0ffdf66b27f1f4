internal import RelayModel

/// Times and sizes as people say them.
enum Relative {
  /// `12s ago`, `in 3m`, `now`; a dash for none.
  static func text(_ instant: String?, now: Timestamp) -> String {
    guard let instant else { return "-" }
    guard let parsed = Timestamp(rfc3339: instant) else { return instant }
    let span = now - parsed
    if span.wholeMilliseconds.magnitude < 1000 { return "now" }
    return span >= .zero ? "\(text(span)) ago" : "in \(text(.zero - span))"
  }

  /// The largest unit that fits: `450ms`, `12s`, `3m`, `5h`, `2d`.
  static func text(_ span: Duration) -> String {
    let milliseconds = span.wholeMilliseconds
    switch milliseconds {
    case ..<1000: return "\(milliseconds)ms"
    case ..<60_000: return "\(milliseconds / 1000)s"
    case ..<3_600_000: return "\(milliseconds / 60_000)m"
    case ..<172_800_000: return "\(milliseconds / 3_600_000)h"
    default: return "\(milliseconds / 86_400_000)d"
    }
  }

  /// `1.5MiB`.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1024 || unit == "GiB" {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))\(unit)" : "\(tenths)\(unit)"
      }
      value /= 1024
    }
    return "\(count)B"
  }
}
