internal import RelayModel

/// A function of the language: its arguments, the target of a method first, to its result.
typealias Function = @Sendable ([Value]) throws(ValueError) -> Value

/// The functions by name. Each checks the number and the types of what it is given.
enum Functions {
  static func named(_ name: String, isMethod: Bool) -> Function? {
    isMethod ? methods[name] : globals[name]
  }

  static var names: [String] { (Array(methods.keys) + globals.keys).sorted() }

  private static let globals: [String: Function] = [
    "size": size, "string": string, "int": int, "double": double, "dyn": one,
  ]

  private static let methods: [String: Function] = [
    "size": size, "trim": trim, "lowerAscii": lowerAscii, "upperAscii": upperAscii,
    "startsWith": startsWith, "endsWith": endsWith, "contains": contains,
  ]

  @Sendable private static func size(_ arguments: [Value]) throws(ValueError) -> Value {
    let value = try one(arguments)
    guard let size = value.size else { throw ValueError("\(value.typeName) has no size") }
    return .int(Int64(size))
  }

  // Conversions

  @Sendable private static func string(_ arguments: [Value]) throws(ValueError) -> Value {
    let value = try one(arguments)
    switch value.resolved {
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else { throw ValueError("not valid UTF-8") }
      return .string(text)
    case .null, .list, .map, .json, .object: throw ValueError("\(value.typeName) does not become a string")
    case .bool, .int, .uint, .double, .string, .timestamp, .duration: return .string(value.text)
    }
  }

  @Sendable private static func int(_ arguments: [Value]) throws(ValueError) -> Value {
    let value = try one(arguments)
    let number: Int64? =
      switch value.resolved {
      case .int(let number): number
      case .uint(let number): Int64(exactly: number)
      case .double(let number): Int64(exactly: number.rounded(.towardZero))
      case .string(let text): Int64(text)
      case .timestamp(let instant): instant.milliseconds.dividedFloor(by: 1000)
      default: throw ValueError("\(value.typeName) does not become an int")
      }
    guard let number else { throw ValueError("not a whole number of 64 bits") }
    return .int(number)
  }

  @Sendable private static func double(_ arguments: [Value]) throws(ValueError) -> Value {
    let value = try one(arguments)
    let number: Double? =
      switch value.resolved {
      case .int(let number): Double(number)
      case .uint(let number): Double(number)
      case .double(let number): number
      case .string(let text): Double(text)
      default: throw ValueError("\(value.typeName) does not become a double")
      }
    guard let number else { throw ValueError("not a number") }
    return .double(number)
  }

  // Strings

  @Sendable private static func trim(_ arguments: [Value]) throws(ValueError) -> Value {
    let scalars = try text(try one(arguments)).unicodeScalars
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { scalars.index(after: $0) } ?? start
    return .string(String(scalars[start..<end]))
  }

  @Sendable private static func lowerAscii(_ arguments: [Value]) throws(ValueError) -> Value {
    let bytes = try text(try one(arguments)).utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  @Sendable private static func upperAscii(_ arguments: [Value]) throws(ValueError) -> Value {
    let bytes = try text(try one(arguments)).utf8.map { (97...122).contains($0) ? $0 & 0xDF : $0 }
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  @Sendable private static func startsWith(_ arguments: [Value]) throws(ValueError) -> Value {
    let (whole, part) = try twoTexts(arguments)
    return .bool(whole.starts(with: part))
  }

  @Sendable private static func endsWith(_ arguments: [Value]) throws(ValueError) -> Value {
    let (whole, part) = try twoTexts(arguments)
    return .bool(whole.suffix(part.count).elementsEqual(part))
  }

  @Sendable private static func contains(_ arguments: [Value]) throws(ValueError) -> Value {
    let (whole, part) = try twoTexts(arguments)
    return .bool(whole.holds(part))
  }

  // Arguments

  @Sendable private static func one(_ arguments: [Value]) throws(ValueError) -> Value {
    guard arguments.count == 1 else { throw ValueError("wants 1 value, not \(arguments.count)") }
    return arguments[0]
  }

  private static func text(_ value: Value) throws(ValueError) -> String {
    guard case .string(let text) = value.resolved else {
      throw ValueError("wants a string, not \(value.typeName)")
    }
    return text
  }

  /// Strings compare by their bytes, as CEL compares code points.
  private static func twoTexts(_ arguments: [Value]) throws(ValueError) -> ([UInt8], [UInt8]) {
    guard arguments.count == 2 else { throw ValueError("wants 1 argument, not \(arguments.count - 1)") }
    return (Array(try text(arguments[0]).utf8), Array(try text(arguments[1]).utf8))
  }
}

extension [UInt8] {
  /// Whether `part` stands anywhere in the bytes.
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard count >= part.count else { return false }
    for start in 0...(count - part.count) where self[start] == first {
      if self[start..<start + part.count].elementsEqual(part) { return true }
    }
    return false
  }
}
