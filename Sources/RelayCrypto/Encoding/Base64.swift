/// Bytes as base64 (RFC 4648), in the common and in the URL-safe alphabet.
package struct Base64: Sendable {
  /// `+` and `/`, written with padding.
  package static let standard = Base64("+", "/", padded: true)
  /// `-` and `_`, written without padding.
  package static let urlSafe = Base64("-", "_", padded: false)

  private static let invalid: UInt8 = 0xFF
  private let digits: [UInt8]
  private let values: [UInt8]
  private let padded: Bool

  private init(_ sixtyTwo: Character, _ sixtyThree: Character, padded: Bool) {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    let digits = Array("\(alphabet)\(sixtyTwo)\(sixtyThree)".utf8)
    var values = [UInt8](repeating: Self.invalid, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    self.digits = digits
    self.values = values
    self.padded = padded
  }

  package func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
      for digit in 0...count { text.append(digits[Int(group >> UInt32(18 - 6 * digit) & 63)]) }
      if padded { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
      index += 3
    }
    return text
  }

  /// The same as text.
  package func text(_ bytes: [UInt8]) -> String { String(decoding: encode(bytes), as: UTF8.self) }

  /// The bytes that `text` stands for, its padding there or not. Nil where it is not the one text
  /// that encoding those bytes gives: another character, half a padding, bits left over.
  package func decode(_ text: Span<UInt8>) -> [UInt8]? {
    var count = text.count
    while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    guard count == text.count || text.count.isMultiple(of: 4), count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 3 / 4)
    var group: UInt32 = 0
    var bits: UInt32 = 0
    for index in 0..<count {
      let value = values[Int(text[index])]
      guard value != Self.invalid else { return nil }
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> bits))
        group &= (1 << bits) - 1
      }
    }
    return group == 0 ? bytes : nil
  }

  /// The bytes that `text` stands for.
  package func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(Array(text).span) }
}
