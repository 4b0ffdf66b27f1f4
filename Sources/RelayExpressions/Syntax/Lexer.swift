/// Reads CEL's tokens one by one, so that whoever reads an expression inside other text stops where the
/// expression does.
struct Lexer {
  let source: String
  let bytes: [UInt8]
  private(set) var position: Int

  init(_ source: String, bytes: [UInt8], at position: Int) {
    self.source = source
    self.bytes = bytes
    self.position = position
  }

  mutating func next() throws(ExpressionError) -> Token {
    skipBlanks()
    let start = position
    guard let byte = peek() else { return Token(kind: .end, offset: start) }
    let kind: Token.Kind
    if let string = try stringLiteral() {
      kind = string
    } else if byte.isNameStart {
      kind = .name(take { $0.isNamePart })
    } else if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1)?.isDigit == true) {
      kind = try number()
    } else if byte == UInt8(ascii: "`") {
      kind = try quotedName()
    } else {
      kind = .symbol(try symbol())
    }
    return Token(kind: kind, offset: start)
  }

  func peek(_ ahead: Int = 0) -> UInt8? {
    position + ahead < bytes.count ? bytes[position + ahead] : nil
  }

  mutating func advance(_ count: Int = 1) { position += count }

  func failure(_ message: String, at offset: Int) -> ExpressionError {
    ExpressionError(message, in: source, at: offset)
  }

  private mutating func skipBlanks() {
    while let byte = peek() {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        position += 1
      } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
        while let byte = peek(), byte != 0x0A { position += 1 }
      } else {
        return
      }
    }
  }

  private mutating func take(while isPart: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek(), isPart(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quotedName() throws(ExpressionError) -> Token.Kind {
    let start = position
    position += 1
    let name = take { $0.isNamePart || "-./ ".utf8.contains($0) }
    guard peek() == UInt8(ascii: "`"), !name.isEmpty else {
      throw failure("a quoted name does not end", at: start)
    }
    position += 1
    return .quotedName(name)
  }

  private mutating func symbol() throws(ExpressionError) -> Symbol {
    for length in [2, 1] where position + length <= bytes.count {
      let text = String(decoding: bytes[position..<position + length], as: UTF8.self)
      if let symbol = Symbol(rawValue: text) {
        position += length
        return symbol
      }
    }
    let found = String(decoding: bytes[position...].prefix(4), as: UTF8.self).prefix(1)
    throw failure("unexpected \"\(found)\"", at: position)
  }

  private mutating func number() throws(ExpressionError) -> Token.Kind {
    let start = position
    if peek() == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X") {
      position += 2
      return try integer(take { $0.isHexDigit }, radix: 16, from: start)
    }
    let whole = take { $0.isDigit }
    var isDouble = false
    if peek() == UInt8(ascii: "."), peek(1)?.isDigit == true {
      isDouble = true
      position += 1
      _ = take { $0.isDigit }
    }
    if let letter = peek(), letter | 0x20 == UInt8(ascii: "e") {
      isDouble = true
      position += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
      guard !take(while: { $0.isDigit }).isEmpty else { throw failure("a number does not end", at: start) }
    }
    guard isDouble else { return try integer(whole, radix: 10, from: start) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text.hasPrefix(".") ? "0" + text : text) else {
      throw failure("not a number", at: start)
    }
    return .double(value)
  }

  private mutating func integer(_ digits: String, radix: Int, from start: Int) throws(ExpressionError)
    -> Token.Kind
  {
    guard let value = UInt64(digits, radix: radix) else {
      throw failure("a number that does not fit 64 bits", at: start)
    }
    if peek() == UInt8(ascii: "u") || peek() == UInt8(ascii: "U") {
      position += 1
      return .uint(value)
    }
    return .int(value)
  }
}

extension UInt8 {
  var isDigit: Bool { (48...57).contains(self) }
  var isHexDigit: Bool { isDigit || (97...102).contains(self | 0x20) }
  var isNameStart: Bool { (97...122).contains(self | 0x20) || self == UInt8(ascii: "_") }
  var isNamePart: Bool { isNameStart || isDigit }
}
