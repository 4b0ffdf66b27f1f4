/// Reads the tokens of RFC 8259 from bytes. The bytes are passed to each call, because a span cannot be
/// stored; a reader belongs to one text.
struct JSONReader {
  private(set) var position = 0

  init(at position: Int = 0) { self.position = position }

  mutating func advance(_ count: Int = 1) { position += count }

  /// The next byte, nil at the end.
  func peek(_ bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipWhitespace(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// Takes `byte` if it is next.
  mutating func take(_ byte: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  /// Takes a whole literal name (`true`, `false`, `null`).
  mutating func literal(_ word: String, _ bytes: Span<UInt8>) throws(JSONError) {
    let start = position
    for letter in word.utf8 {
      guard peek(bytes) == letter else { throw JSONError("expected a value", at: start, in: bytes) }
      position += 1
    }
  }

  /// Takes a number and gives its text.
  mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
    let start = position
    if peek(bytes) == UInt8(ascii: "-") { position += 1 }
    if peek(bytes) == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits(bytes)
    }
    if peek(bytes) == UInt8(ascii: ".") {
      position += 1
      try digits(bytes)
    }
    if let byte = peek(bytes), byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = peek(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits(bytes)
    }
    if let byte = peek(bytes), (48...57).contains(byte) {
      throw JSONError("a number must not begin with 0", at: start, in: bytes)
    }
    return JSONNumber(text: try text(start..<position, bytes))
  }

  private mutating func digits(_ bytes: Span<UInt8>) throws(JSONError) {
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    guard position > start else { throw JSONError("expected a digit", at: position, in: bytes) }
  }

  /// Takes a string whose opening quote is next.
  mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
    position += 1
    let start = position
    while true {
      skipPlain(bytes)
      guard position < bytes.count else { break }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return try text(start..<position - 1, bytes)
      case UInt8(ascii: "\\"):
        return try escapedString(from: start, bytes)
      default:
        throw JSONError("a control character in a string must be escaped", at: position, in: bytes)
      }
    }
    throw JSONError("a string does not end", at: start - 1, in: bytes)
  }

  /// Passes what may stand in a string as it is: everything but quotes, backslashes and control
  /// characters. Eight bytes at a time, by the usual trick: subtracting finds the bytes that are lower.
  mutating func skipPlain(_ bytes: Span<UInt8>) {
    let raw = unsafe bytes.bytes
    while position + 8 <= bytes.count {
      let word = unsafe UInt64(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quotes = word ^ (Self.ones &* 0x22)
      let backslashes = word ^ (Self.ones &* 0x5C)
      let found =
        ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes)
        | ((word &- (Self.ones &* 0x20)) & ~word)
      let marks = found & (Self.ones &* 0x80)
      if marks != 0 {
        position += marks.trailingZeroBitCount / 8
        return
      }
      position += 8
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
      position += 1
    }
  }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }

  /// The rest of a string from its first escape on.
  private mutating func escapedString(from start: Int, _ bytes: Span<UInt8>) throws(JSONError) -> String {
    var decoded: [UInt8] = []
    var plainStart = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        append(plainStart..<position, of: bytes, to: &decoded)
        position += 1
        guard let text = String(validating: decoded, as: UTF8.self) else {
          throw JSONError("a string is not valid UTF-8", at: start, in: bytes)
        }
        return text
      case UInt8(ascii: "\\"):
        append(plainStart..<position, of: bytes, to: &decoded)
        try escape(bytes, into: &decoded)
        plainStart = position
      case 0..<0x20:
        throw JSONError("a control character in a string must be escaped", at: position, in: bytes)
      default:
        position += 1
      }
    }
    throw JSONError("a string does not end", at: start - 1, in: bytes)
  }

  private func append(_ range: Range<Int>, of bytes: Span<UInt8>, to decoded: inout [UInt8]) {
    for index in range { decoded.append(bytes[index]) }
  }

  private mutating func escape(_ bytes: Span<UInt8>, into decoded: inout [UInt8]) throws(JSONError) {
    let start = position
    guard position + 1 < bytes.count else { throw JSONError("a string does not end", at: start, in: bytes) }
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "u"):
      decoded.append(contentsOf: String(try unicodeEscape(from: start, bytes)).utf8)
    default: throw JSONError("unknown escape in a string", at: start, in: bytes)
    }
  }

  /// The scalar of a `\u` escape whose `\u` is taken, with the second half where it is a surrogate.
  private mutating func unicodeEscape(from start: Int, _ bytes: Span<UInt8>) throws(JSONError)
    -> Unicode.Scalar
  {
    let first = try fourHexDigits(bytes)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\", bytes), take("u", bytes) else {
      throw JSONError("a lone surrogate in a string", at: start, in: bytes)
    }
    let second = try fourHexDigits(bytes)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw JSONError("a lone surrogate in a string", at: start, in: bytes) }
    return scalar
  }

  private mutating func fourHexDigits(_ bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(bytes), let digit = byte.hexDigit else {
        throw JSONError("expected four hexadecimal digits", at: position, in: bytes)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func text(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw JSONError("a string is not valid UTF-8", at: range.lowerBound, in: bytes)
    }
  }
}

extension UInt8 {
  /// The value of an ASCII hexadecimal digit.
  var hexDigit: UInt8? {
    switch self {
    case 48...57: self - 48
    case 65...70: self - 55
    case 97...102: self - 87
    default: nil
    }
  }
}
