internal import RelayDocuments
internal import RelayModel

extension Functions {
  static let conversions: [Function] = [
    Function("dyn", .global) { value, _ throws(ValueError) in value },
    Function("type", .global) { value, _ throws(ValueError) in .type(value.celType) },
    Function("size", .both) { value, _ throws(ValueError) in
      guard let size = value.size else { throw ValueError("\(value.typeName) has no size") }
      return .int(Int64(size))
    },
    Function("int", .global) { value, _ throws(ValueError) in .int(try int(value.number)) },
    Function("uint", .global) { value, _ throws(ValueError) in .uint(try uint(value.number)) },
    Function("double", .global) { value, _ throws(ValueError) in .double(try double(value.number)) },
    Function("string", .global) { value, _ throws(ValueError) in .string(try string(value)) },
    Function("bytes", .global) { value, _ throws(ValueError) in
      switch value {
      case .bytes: return value
      case .string(let text): return .bytes(Array(text.utf8))
      default: throw notConverted(value, "bytes")
      }
    },
    Function("bool", .global) { value, _ throws(ValueError) in
      switch value {
      case .bool: return value
      case .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("T"), .string("1"):
        return .bool(true)
      case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("F"), .string("0"):
        return .bool(false)
      case .string: throw ValueError("not true or false")
      default: throw notConverted(value, "a bool")
      }
    },
    Function("timestamp", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .timestamp: return value
      case .string(let text):
        guard let instant = Instant(rfc3339: text) else {
          throw ValueError("not RFC 3339 within the years 1 to 9999, such as 2026-11-25T07:52:07Z")
        }
        return .timestamp(instant)
      case .int(let seconds):
        guard let instant = Instant(seconds: seconds, nanoseconds: 0) else {
          throw ValueError("outside the years 1 to 9999")
        }
        return .timestamp(instant)
      default: throw notConverted(value, "a timestamp")
      }
    },
    Function("duration", .global) { value, _ throws(ValueError) in
      switch value.number {
      case .duration: return value
      case .string(let text):
        guard let duration = Duration(goText: text) else {
          throw ValueError("not a duration within 292 years, such as 1h30m or 1.5s; units are h m s ms us ns")
        }
        return .duration(duration)
      case .int(let seconds):
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { throw ValueError("beyond 292 years") }
        return .duration(.nanoseconds(product))
      default: throw notConverted(value, "a duration")
      }
    },
  ]

  private static func notConverted(_ value: Value, _ wanted: String) -> ValueError {
    ValueError("\(value.typeName) does not become \(wanted)")
  }

  private static func int(_ value: Value) throws(ValueError) -> Int64 {
    let number: Int64? =
      switch value {
      case .int(let number): number
      case .uint(let number): Int64(exactly: number)
      // The ends themselves are no doubles that come from an int without rounding.
      case .double(let number): number > -0x1p63 ? Int64(exactly: number.rounded(.towardZero)) : nil
      case .string(let text): Int64(text)
      case .timestamp(let instant): instant.seconds
      case .duration(let duration): duration.components.seconds
      default: throw notConverted(value, "an int")
      }
    guard let number else { throw ValueError("not a whole number of 64 bits") }
    return number
  }

  private static func uint(_ value: Value) throws(ValueError) -> UInt64 {
    let number: UInt64? =
      switch value {
      case .int(let number): UInt64(exactly: number)
      case .uint(let number): number
      case .double(let number): number < 0 ? nil : UInt64(exactly: number.rounded(.towardZero))
      case .string(let text): UInt64(text)
      default: throw notConverted(value, "a uint")
      }
    guard let number else { throw ValueError("not a whole number of 64 bits without a sign") }
    return number
  }

  private static func double(_ value: Value) throws(ValueError) -> Double {
    let number: Double? =
      switch value {
      case .int(let number): Double(number)
      case .uint(let number): Double(number)
      case .double(let number): number
      case .string(let text): Double(text)
      default: throw notConverted(value, "a double")
      }
    guard let number else { throw ValueError("not a number") }
    return number
  }

  private static func string(_ value: Value) throws(ValueError) -> String {
    switch value {
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else { throw ValueError("not valid UTF-8") }
      return text
    case .null, .list, .map, .object, .optional, .json(.null), .json(.array), .json(.object):
      throw notConverted(value, "a string")
    case .json(.number), .json(.bool), .json(.string), .bool, .int, .uint, .double, .string, .timestamp,
      .duration, .type:
      return value.text
    }
  }
}
