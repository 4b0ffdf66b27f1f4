/// The `Retry-After` field of an answer: RFC 9110, section 10.2.3.
package enum RetryAfter {
  /// The longest wait that a destination can ask for; what is longer is cut to it.
  package static let longest = Duration.seconds(24 * 3600)

  /// The wait that `value` asks for at `now`: seconds or an HTTP date. An instant that has passed is
  /// no wait at all; text that is neither is nil, as if the field were missing.
  package static func delay(_ value: some StringProtocol, now: Timestamp) -> Duration? {
    let bytes = trimmed(Array(value.utf8))
    guard let first = bytes.first else { return nil }
    if (48...57).contains(first) { return seconds(bytes) }
    guard let instant = Timestamp(httpDate: String(decoding: bytes, as: UTF8.self)) else { return nil }
    return min(max(instant - now, .zero), longest)
  }

  private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return bytes[first...last]
  }

  private static func seconds(_ digits: ArraySlice<UInt8>) -> Duration? {
    var total: Int64 = 0
    for byte in digits {
      guard (48...57).contains(byte) else { return nil }
      total = min(total * 10 + Int64(byte - 48), longest.components.seconds)
    }
    return .seconds(total)
  }
}
