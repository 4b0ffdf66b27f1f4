/// The primary key of an event, an execution or a rejected request in one store: the millisecond of
/// its commit in the upper 44 bits, a counter below. Keys only rise, also across clock steps.
package struct RecordKey: Hashable, Comparable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The lowest key that `instant` can have.
  package init(lowestAt instant: Timestamp) {
    self.rawValue = UInt64(clamping: instant.milliseconds) << 20
  }

  /// The key given after this one at `now`: that instant's first, or simply the next where the
  /// clock stands still or went back.
  package func next(at now: Timestamp) -> RecordKey {
    RecordKey(rawValue: max(rawValue + 1, RecordKey(lowestAt: now).rawValue))
  }

  /// When the key was given, to the millisecond (later than the clock said after a step back).
  package var instant: Timestamp { Timestamp(milliseconds: Int64(rawValue >> 20)) }

  package static func < (a: RecordKey, b: RecordKey) -> Bool { a.rawValue < b.rawValue }
}

/// What a `RecordKey` names, and so the prefix of its outside id.
package enum RecordKind: String, Sendable, CaseIterable {
  case event = "evt"
  case execution = "exe"
  case rejected = "rej"
}

/// Six base-62 characters drawn when a store is created: they make ids unique across edges.
package struct StoreTag: Hashable, Sendable {
  package let text: String

  private static let keyLength = 11
  private static let idLength = 4 + keyLength + 6

  /// Nil unless `text` is six characters of `[0-9A-Za-z]`.
  package init?(_ text: String) {
    guard text.utf8.count == 6, Base62.value(of: text.utf8) != nil else { return nil }
    self.text = text
  }

  /// The tag that `random` bits stand for.
  package init(random: UInt64) {
    self.text = Base62.text(random % 56_800_235_584, width: 6)
  }

  /// The outside id, for example `evt_1rBq0Zx8mKp` + tag: sortable by age within one store.
  package func id(_ kind: RecordKind, _ key: RecordKey) -> String {
    var bytes: [UInt8] = []
    append(kind, key, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds the outside id to a text that is being written.
  package func append(_ kind: RecordKind, _ key: RecordKey, to bytes: inout [UInt8]) {
    bytes.append(addingCapacity: Self.idLength) { id in
      Self.append(kind.rawValue, to: &id)
      id.append(UInt8(ascii: "_"))
      Base62.append(key.rawValue, width: Self.keyLength, to: &id)
      Self.append(text, to: &id)
    }
  }

  private static func append(_ text: String, to bytes: inout OutputSpan<UInt8>) {
    let span = text.utf8.span
    for index in span.indices { bytes.append(span[index]) }
  }

  /// The key that `id` stands for; nil when it is of another kind, another store, or not an id.
  package func key(_ kind: RecordKind, _ id: some StringProtocol) -> RecordKey? {
    let bytes = Array(id.utf8)
    guard bytes.count == Self.idLength, bytes.starts(with: Array("\(kind.rawValue)_".utf8)),
      bytes[15...].elementsEqual(text.utf8), let value = Base62.value(of: bytes[4..<15])
    else { return nil }
    return RecordKey(rawValue: value)
  }
}

/// Digits, upper-case, lower-case: so that text order is number order at a fixed width.
package enum Base62 {
  /// At most eleven digits, which is what a `UInt64` has.
  package static func text(_ value: UInt64, width: Int) -> String {
    var bytes: [UInt8] = []
    bytes.append(addingCapacity: width) { append(value, width: width, to: &$0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func append(_ value: UInt64, width: Int, to bytes: inout OutputSpan<UInt8>) {
    var rest = value
    var digits = InlineArray<11, UInt8>(repeating: 48)
    var index = width
    while index > 0 {
      index -= 1
      digits[index] = digit(UInt8(truncatingIfNeeded: rest % 62))
      rest /= 62
    }
    while index < width {
      bytes.append(digits[index])
      index += 1
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? 48 + value : value < 36 ? 55 + value : 61 + value
  }

  package static func value(of bytes: some Sequence<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for byte in bytes {
      let digit: UInt8
      switch byte {
      case 48...57: digit = byte - 48
      case 65...90: digit = byte - 55
      case 97...122: digit = byte - 61
      default: return nil
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: 62)
      let (sum, overflowed) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !overflowed else { return nil }
      value = sum
    }
    return value
  }
}
