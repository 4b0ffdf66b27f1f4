/// Bytes as hexadecimal digits.
package enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits a byte.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { buffer, count in
      for byte in bytes {
        unsafe buffer[count] = digits[Int(byte >> 4)]
        unsafe buffer[count + 1] = digits[Int(byte & 15)]
        count += 2
      }
    }
  }

  /// The same as text.
  package static func text(_ bytes: [UInt8]) -> String { String(decoding: encode(bytes), as: UTF8.self) }

  /// The bytes that `text` stands for, digits in either case; nil for an odd count or any other
  /// character.
  package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 2)
    // The upper bits of a digit that is none, gathered: one check for all.
    var strays: UInt8 = 0
    for index in bytes.indices {
      let high = values[Int(text[2 * index])]
      let low = values[Int(text[2 * index + 1])]
      strays |= high | low
      bytes[index] = high << 4 | low & 15
    }
    return strays & 0xF0 == 0 ? bytes : nil
  }

  /// The bytes that `text` stands for.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(Array(text).span) }

  /// The value of one digit; nil for any other character.
  package static func value(_ digit: UInt8) -> UInt8? {
    let value = values[Int(digit)]
    return value < 16 ? value : nil
  }

  /// The value of every character as a digit; 255 for those that are none.
  private static let values: [UInt8] = (0...255).map { character in
    switch UInt8(character) {
    case 48...57: UInt8(character) - 48
    case 65...70: UInt8(character) - 55
    case 97...102: UInt8(character) - 87
    default: 0xFF
    }
  }
}
