extension Lexer {
  /// A string or bytes literal, with its prefix (`r`, `b`, both) and its kind of quotes; nil when none
  /// begins here.
  mutating func stringLiteral() throws(ExpressionError) -> Token.Kind? {
    let start = position
    var isRaw = false
    var isBytes = false
    var length = 0
    while length < 2, let letter = peek(length).map({ $0 | 0x20 }) {
      if letter == UInt8(ascii: "r"), !isRaw {
        isRaw = true
      } else if letter == UInt8(ascii: "b"), !isBytes {
        isBytes = true
      } else {
        break
      }
      length += 1
    }
    guard let quote = peek(length), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    advance(length)
    let isTriple = peek(1) == quote && peek(2) == quote
    advance(isTriple ? 3 : 1)
    let content = try content(quote, isTriple: isTriple, isRaw: isRaw, isBytes: isBytes, from: start)
    if isBytes { return .bytes(content) }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("a string is not valid UTF-8", at: start)
    }
    return .string(text)
  }

  private mutating func content(
    _ quote: UInt8, isTriple: Bool, isRaw: Bool, isBytes: Bool, from start: Int
  ) throws(ExpressionError) -> [UInt8] {
    var content: [UInt8] = []
    while let byte = peek() {
      if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
        advance(isTriple ? 3 : 1)
        return content
      }
      if byte == UInt8(ascii: "\\"), !isRaw {
        try escape(isBytes: isBytes, into: &content)
        continue
      }
      if !isTriple, byte == 0x0A || byte == 0x0D { break }
      content.append(byte)
      advance()
    }
    throw failure("a string does not end", at: start)
  }

  private mutating func escape(isBytes: Bool, into content: inout [UInt8]) throws(ExpressionError) {
    let start = position
    guard let letter = peek(1) else { throw failure("a string does not end", at: start) }
    advance(2)
    switch letter {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "?"):
      content.append(letter)
    case UInt8(ascii: "a"): content.append(0x07)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "v"): content.append(0x0B)
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      try append(code(digits: 2, radix: 16, from: start), isBytes, from: start, into: &content)
    case UInt8(ascii: "u") where !isBytes:
      try append(code(digits: 4, radix: 16, from: start), false, from: start, into: &content)
    case UInt8(ascii: "U") where !isBytes:
      try append(code(digits: 8, radix: 16, from: start), false, from: start, into: &content)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      advance(-1)
      try append(code(digits: 3, radix: 8, from: start), isBytes, from: start, into: &content)
    default: throw failure("unknown escape in a string", at: start)
    }
  }

  private mutating func code(digits: Int, radix: Int, from start: Int) throws(ExpressionError) -> UInt32 {
    let end = position + digits
    guard end <= bytes.count, bytes[position..<end].allSatisfy(\.isHexDigit),
      let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: radix)
    else { throw failure("an escape lacks its \(digits) digits", at: start) }
    advance(digits)
    return code
  }

  private func append(_ code: UInt32, _ isByte: Bool, from start: Int, into content: inout [UInt8])
    throws(ExpressionError)
  {
    if isByte {
      content.append(UInt8(truncatingIfNeeded: code))
    } else if let scalar = Unicode.Scalar(code) {
      content.append(contentsOf: String(scalar).utf8)
    } else {
      throw failure("an escape that is no character", at: start)
    }
  }
}
