internal import RelayModel

/// Where the instant of signing is found, and how far it may be from now.
struct TimestampRule: Sendable {
  var source: ValueSource
  var unit: TimestampUnit
  /// How far off either way it may be; nil where the provider defines no window.
  var tolerance: Duration?
  /// Where it is found when `source` has none.
  var fallback: ValueSource?

  /// Reads an instant; nil where the text is none.
  func instant(_ text: ArraySlice<UInt8>) -> Timestamp? { unit.instant(text) }

  /// Throws where `instant` is outside the window at `now`.
  func check(_ instant: Timestamp, at now: Timestamp) throws(Refusal) {
    guard let tolerance else { return }
    // A timestamp in seconds has lost its fraction; now loses its own, so that both are cut alike.
    let reference = unit.isWholeSeconds ? Timestamp(seconds: now.seconds) : now
    let age = reference - instant
    guard age > tolerance || age < .zero - tolerance else { return }
    let distance = age > .zero ? "\(age.spoken) ago" : "\((Duration.zero - age).spoken) ahead of our clock"
    throw Refusal(
      .timestampOutOfTolerance, "it was signed \(distance); at most \(tolerance.spoken) is accepted")
  }
}

/// How an instant is written.
enum TimestampUnit: String, Sendable, CaseIterable {
  case seconds = "s"
  case milliseconds = "ms"
  /// Seconds or milliseconds, told apart by their size.
  case auto
  case rfc3339
  /// `Tue, 15 Nov 1994 08:12:31 GMT` (RFC 9110).
  case httpDate = "httpdate"

  var isWholeSeconds: Bool { self == .seconds || self == .httpDate }

  func instant(_ text: ArraySlice<UInt8>) -> Timestamp? {
    switch self {
    case .rfc3339: Timestamp(rfc3339: text.text)
    case .httpDate: Timestamp(httpDate: text)
    case .seconds: number(text).map { Timestamp(seconds: $0) }
    case .milliseconds: number(text).map { Timestamp(milliseconds: $0) }
    case .auto:
      number(text).map { $0 < 100_000_000_000 ? Timestamp(seconds: $0) : Timestamp(milliseconds: $0) }
    }
  }

  /// What a signer writes for `instant`.
  func text(_ instant: Timestamp) -> String {
    switch self {
    case .seconds, .auto: String(instant.seconds)
    case .milliseconds: String(instant.milliseconds)
    case .rfc3339: instant.rfc3339
    case .httpDate: instant.httpDate
    }
  }

  /// Digits only, no more than a millisecond timestamp of the far future has.
  private func number(_ text: ArraySlice<UInt8>) -> Int64? {
    guard (1...15).contains(text.count) else { return nil }
    var value: Int64 = 0
    for digit in text {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 48)
    }
    return value
  }
}

extension Duration {
  /// Rounded for people: `12 s`, `7 min`, `3 h`, `2 d`.
  var spoken: String {
    let seconds = wholeMilliseconds / 1000
    return switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) d"
    }
  }
}
