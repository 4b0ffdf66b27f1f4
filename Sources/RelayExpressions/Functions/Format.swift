internal import RelayDocuments

/// `'%s has %d'.format([…])`.
struct Format {
  private let bytes: [UInt8]
  private let arguments: [Value]
  private var position = 0
  private var next = 0

  /// The most digits after a point.
  private static let maxPlaces = 1000

  init(_ text: String, _ arguments: [Value]) {
    bytes = Array(text.utf8)
    self.arguments = arguments
  }

  mutating func text(_ budget: inout Budget) throws(ValueError) -> String {
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "%") else {
        text.append(byte)
        continue
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: "%") {
        text.append(byte)
        position += 1
        continue
      }
      let part = try clause(&budget)
      try budget.charge(1 + part.utf8.count >> 6)
      text.append(contentsOf: part.utf8)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func clause(_ budget: inout Budget) throws(ValueError) -> String {
    var places = 6
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      let digits = bytes[(position + 1)...].prefix { $0.isDigit }
      position += 1 + digits.count
      guard let number = Int(String(decoding: digits, as: UTF8.self)), number <= Self.maxPlaces else {
        throw ValueError("a precision must be a number up to \(Self.maxPlaces)")
      }
      places = number
    }
    guard position < bytes.count else { throw ValueError("ends within a \"%\"") }
    let letter = bytes[position]
    position += 1
    guard "sdfebxXo".utf8.contains(letter) else {
      throw ValueError("no such clause \"%\(Unicode.Scalar(letter))\"; there are %s %d %f %e %b %o %x %X %%")
    }
    guard next < arguments.count else {
      throw ValueError("has \(arguments.count) values for more clauses than that")
    }
    let value = arguments[next].number
    next += 1
    switch letter {
    case UInt8(ascii: "s"): return try Self.plain(value, &budget)
    case UInt8(ascii: "d"): return try Self.decimal(value)
    case UInt8(ascii: "f"): return DoubleText.fixed(try Self.double(value, "f"), places: places)
    case UInt8(ascii: "e"): return DoubleText.scientific(try Self.double(value, "e"), places: places)
    case UInt8(ascii: "b"):
      if case .bool(let flag) = value { return flag ? "1" : "0" }
      return try Self.whole(value, radix: 2, "b")
    case UInt8(ascii: "o"): return try Self.whole(value, radix: 8, "o")
    default: return try Self.hexadecimal(value, isUpper: letter == UInt8(ascii: "X"))
    }
  }

  private static func plain(_ value: Value, _ budget: inout Budget) throws(ValueError) -> String {
    try budget.charge(1)
    switch value.number {
    case .null, .json(.null): return "null"
    case .double(let number): return DoubleText.decimal(number)
    case .bytes(let bytes): return mended(bytes)
    case .bool, .int, .uint, .string, .timestamp, .duration, .type, .json(.string), .json(.bool):
      return value.text
    case .optional: throw ValueError("%s does not take an optional value")
    default: break
    }
    guard let items = Items(value) else { throw ValueError("%s does not take \(value.typeName)") }
    var parts: [String] = []
    for index in 0..<items.count {
      let part = try plain(items.value(index), &budget)
      parts.append(items.isList ? part : try plain(items.key(index), &budget) + ": " + part)
      try budget.charge(part.utf8.count >> 6)
    }
    if items.isList { return "[" + parts.joined(separator: ", ") + "]" }
    return "{" + parts.sorted().joined(separator: ", ") + "}"
  }

  /// Each run of bytes that is no UTF-8 as one replacement character.
  private static func mended(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
    where scalar != "\u{FFFD}" || text.last != "\u{FFFD}" { text.append(scalar) }
    return String(text)
  }

  private static func decimal(_ value: Value) throws(ValueError) -> String {
    switch value {
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return DoubleText.decimal(number)
    default: throw ValueError("%d takes a number, not \(value.typeName)")
    }
  }

  private static func double(_ value: Value, _ clause: String) throws(ValueError) -> Double {
    switch value {
    case .int(let number): return Double(number)
    case .uint(let number): return Double(number)
    case .double(let number): return number
    default: throw ValueError("%\(clause) takes a number, not \(value.typeName)")
    }
  }

  private static func whole(_ value: Value, radix: Int, isUpper: Bool = false, _ clause: String)
    throws(ValueError) -> String
  {
    switch value {
    case .int(let number): return String(number, radix: radix, uppercase: isUpper)
    case .uint(let number): return String(number, radix: radix, uppercase: isUpper)
    default: throw ValueError("%\(clause) takes a whole number, not \(value.typeName)")
    }
  }

  private static func hexadecimal(_ value: Value, isUpper: Bool) throws(ValueError) -> String {
    let bytes: [UInt8]
    switch value {
    case .string(let text): bytes = Array(text.utf8)
    case .bytes(let content): bytes = content
    default: return try whole(value, radix: 16, isUpper: isUpper, isUpper ? "X" : "x")
    }
    let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
