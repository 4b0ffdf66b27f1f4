/// Where something stands in a distributed trace: the trace and the span that caused it, as the field
/// `traceparent` names them (W3C Trace Context, level 1).
package struct TraceContext: Sendable, Hashable {
  package var trace: TraceID
  /// Never zero.
  package var span: UInt64
  /// The caller has recorded its span: those below it are to be recorded as well.
  package var isSampled: Bool

  package init(trace: TraceID, span: UInt64, isSampled: Bool) {
    self.trace = trace
    self.span = span
    self.isSampled = isSampled
  }

  /// Reads a field's value. Nil where it is none, as the standard has it: whoever gets such a one goes on as
  /// if there were none. A version that is not known yet is read as far as this one goes.
  package init?(traceparent bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count >= 55, bytes[2] == UInt8(ascii: "-"), bytes[35] == UInt8(ascii: "-"),
      bytes[52] == UInt8(ascii: "-"), let version = UInt64(lowercaseHex: bytes[0..<2]), version != 0xFF,
      bytes.count == 55 || version > 0 && bytes[55] == UInt8(ascii: "-"),
      let high = UInt64(lowercaseHex: bytes[3..<19]), let low = UInt64(lowercaseHex: bytes[19..<35]),
      high | low != 0, let span = UInt64(lowercaseHex: bytes[36..<52]), span != 0,
      let flags = UInt64(lowercaseHex: bytes[53..<55])
    else { return nil }
    self.init(trace: TraceID(high: high, low: low), span: span, isSampled: flags & 1 == 1)
  }

  /// The value of the field.
  package var traceparent: String { "00-\(trace.text)-\(span.hexText)-\(isSampled ? "01" : "00")" }
}

/// Names one trace. Never zero.
package struct TraceID: Sendable, Hashable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// 32 hexadecimal digits.
  package var text: String { high.hexText + low.hexText }
}

extension UInt64 {
  /// Nil unless every byte is a digit of `0-9a-f`.
  fileprivate init?(lowercaseHex digits: ArraySlice<UInt8>) {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    self = value
  }

  /// 16 hexadecimal digits.
  package var hexText: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
