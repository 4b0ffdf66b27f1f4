package import RelayModel

/// A point in time of an expression, in nanoseconds: finer than what the relay itself stores.
package struct Instant: Hashable, Comparable, Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z.
  package let seconds: Int64
  /// From 0 up to a second.
  package let nanoseconds: Int64

  package init(_ timestamp: Timestamp) {
    seconds = timestamp.seconds
    nanoseconds = (timestamp.milliseconds - seconds &* 1000) * 1_000_000
  }

  /// Nil outside the years 1 to 9999.
  init?(seconds: Int64, nanoseconds: Int64) {
    guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return nil }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The relay's own precision, towards the past.
  package var timestamp: Timestamp { Timestamp(milliseconds: seconds * 1000 + nanoseconds / 1_000_000) }

  package static func < (a: Instant, b: Instant) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// Nil outside the years 1 to 9999.
  func advanced(nanoseconds span: Int64) -> Instant? {
    let (days, rest) = (span / 1_000_000_000, span % 1_000_000_000)
    var seconds = seconds + days
    var nanoseconds = nanoseconds + rest
    if nanoseconds < 0 {
      nanoseconds += 1_000_000_000
      seconds -= 1
    } else if nanoseconds >= 1_000_000_000 {
      nanoseconds -= 1_000_000_000
      seconds += 1
    }
    return Instant(seconds: seconds, nanoseconds: nanoseconds)
  }

  /// Nanoseconds from `other`; nil where they do not fit a duration.
  func distance(from other: Instant) -> Int64? {
    let (product, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    let (sum, overflowed) = product.addingReportingOverflow(nanoseconds - other.nanoseconds)
    return overflowed ? nil : sum
  }
}

extension Instant {
  /// RFC 3339 in UTC, with as many digits of the second as are not zero.
  package var rfc3339: String {
    let days = seconds.dividedFloor(by: 86_400)
    let rest = seconds - days * 86_400
    let (year, month, day) = CivilDate.fromDays(days)
    return "\(padded(year, 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
      + "T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
      + "\(fractionText(nanoseconds))Z"
  }

  /// Reads RFC 3339 with any offset; digits beyond nanoseconds are dropped. Nil for anything else and
  /// outside the years 1 to 9999.
  package init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else {
      self.init(whole: text, nanoseconds: 0)
      return
    }
    let digits = bytes[(dot + 1)...].prefix { $0.isDigit }
    guard !digits.isEmpty else { return nil }
    var nanoseconds: Int64 = 0
    for index in 0..<9 {
      let place = digits.startIndex + index
      nanoseconds = nanoseconds * 10 + (place < digits.endIndex ? Int64(digits[place] - 48) : 0)
    }
    self.init(
      whole: String(decoding: bytes[..<dot] + bytes[digits.endIndex...], as: UTF8.self),
      nanoseconds: nanoseconds)
  }

  private init?(whole text: String, nanoseconds: Int64) {
    let bytes = Array(text.utf8)
    // A leap second has no place on this scale.
    guard bytes.count >= 20, !(bytes[17] == UInt8(ascii: "6") && bytes[18] == UInt8(ascii: "0")),
      let timestamp = Timestamp(rfc3339: text)
    else { return nil }
    self.init(seconds: timestamp.seconds, nanoseconds: nanoseconds)
  }
}

/// `.5` for half of a second in nanoseconds, nothing for zero.
func fractionText(_ nanoseconds: Int64) -> String {
  guard nanoseconds > 0 else { return "" }
  var digits = padded(nanoseconds, 9)
  while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
  return "." + digits
}
