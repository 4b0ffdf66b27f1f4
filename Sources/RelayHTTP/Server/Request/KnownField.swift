/// The fields that a second time would make ambiguous.
enum KnownField: String, CaseIterable {
  case host = "Host"
  case contentLength = "Content-Length"
  case transferEncoding = "Transfer-Encoding"
  case contentType = "Content-Type"
  case contentEncoding = "Content-Encoding"
  case expect = "Expect"

  /// Their names differ in length, so one comparison is enough.
  init?(_ field: RawField) {
    let candidate: KnownField
    switch unsafe field.nameCount {
    case 4: candidate = .host
    case 6: candidate = .expect
    case 12: candidate = .contentType
    case 14: candidate = .contentLength
    case 16: candidate = .contentEncoding
    case 17: candidate = .transferEncoding
    default: return nil
    }
    guard unsafe Self.equals(field.name, field.nameCount, candidate.staticName) else { return nil }
    self = candidate
  }

  private var staticName: StaticString {
    switch self {
    case .host: "Host"
    case .contentLength: "Content-Length"
    case .transferEncoding: "Transfer-Encoding"
    case .contentType: "Content-Type"
    case .contentEncoding: "Content-Encoding"
    case .expect: "Expect"
    }
  }

  /// Compares without case. Setting one bit makes capitals small; of what it would confuse beside letters,
  /// one side is always a control character, which neither a name nor a value holds.
  static func equals(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count {
      guard unsafe bytes[index] | 0x20 == text.utf8Start[index] | 0x20 else { return false }
    }
    return true
  }
}

/// The known fields that have been seen.
struct KnownFields {
  private var bits: UInt8 = 0

  func contains(_ field: KnownField) -> Bool { bits & Self.bit(field) != 0 }

  /// False when it had been there.
  mutating func insert(_ field: KnownField) -> Bool {
    let isNew = !contains(field)
    bits |= Self.bit(field)
    return isNew
  }

  private static func bit(_ field: KnownField) -> UInt8 {
    switch field {
    case .host: 1
    case .contentLength: 2
    case .transferEncoding: 4
    case .contentType: 8
    case .contentEncoding: 16
    case .expect: 32
    }
  }
}
