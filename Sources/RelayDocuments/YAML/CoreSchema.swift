/// The scalars of YAML 1.2's core schema. `no` is a string, `2026-01-02` is a string, `012` is twelve.
enum CoreSchema {
  /// What a plain scalar means. Infinities and not-a-number stay text: JSON has none.
  static func resolve(_ text: String) -> JSON {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: number(text).map(JSON.number) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> JSONNumber? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first < 58 else { return nil }
    if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
    return decimal(bytes)
  }

  private static func integer(_ digits: Substring, radix: Int) -> JSONNumber? {
    guard digits.utf8.allSatisfy({ $0.hexDigit != nil }), let value = UInt64(digits, radix: radix) else {
      return nil
    }
    return JSONNumber(text: String(value))
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, rewritten to JSON's grammar.
  private static func decimal(_ bytes: [UInt8]) -> JSONNumber? {
    var rest = bytes[...]
    var text = ""
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
      if sign == UInt8(ascii: "-") { text = "-" }
    }
    let whole = takeDigits(&rest)
    var fraction: [UInt8]?
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = takeDigits(&rest)
    }
    guard !whole.isEmpty || fraction?.isEmpty == false else { return nil }
    let significant = whole.drop { $0 == UInt8(ascii: "0") }
    text += significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
    if let fraction { text += "." + (fraction.isEmpty ? "0" : String(decoding: fraction, as: UTF8.self)) }
    guard let exponent = takeExponent(&rest), rest.isEmpty else { return nil }
    return JSONNumber(text: text + exponent)
  }

  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    let digits = rest.prefix { (48...57).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Array(digits)
  }

  /// The exponent with its letter, empty where there is none, nil where it has no digits.
  private static func takeExponent(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") else { return "" }
    rest = rest.dropFirst()
    var text = "e"
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
      if sign == UInt8(ascii: "-") { text += "-" }
    }
    let digits = takeDigits(&rest)
    return digits.isEmpty ? nil : text + String(decoding: digits, as: UTF8.self)
  }
}
