package import RelayDocuments
internal import RelayModel

extension Value {
  /// The value in a document: numbers of documents as they were written, bytes in base64, timestamps in
  /// RFC 3339, durations in seconds (`1.5s`); what is not a finite number becomes text.
  package var asJSON: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .number(JSONNumber(text: String(value)))
    case .uint(let value): .number(JSONNumber(text: String(value)))
    case .double(let value):
      value.isFinite ? .number(JSONNumber(text: Self.text(value))) : .string(Self.text(value))
    case .string(let text): .string(text)
    case .bytes(let bytes): .string(Base64Text.encode(bytes))
    case .list(let elements): .array(elements.map(\.asJSON))
    case .map(let map):
      .object(JSONObject(map.entries.map { (name: $0.key.value.text, value: $0.value.asJSON) }))
    case .timestamp(let instant): .string(instant.rfc3339)
    case .duration(let duration): .string(Self.text(duration))
    case .json(let json): json
    case .object(let object):
      .object(
        JSONObject(object.memberNames.map { (name: $0, value: object.member($0)?.asJSON ?? .null) }))
    }
  }

  /// The value inside other text: strings as they are, null as nothing, lists and maps as JSON, the rest
  /// as in `asJSON` without quotes.
  package var text: String {
    switch self {
    case .null, .json(.null): return ""
    case .string(let text): return text
    default:
      let json = asJSON
      return json.string ?? json.text
    }
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return "\(value)"
  }

  private static func text(_ duration: Duration) -> String {
    let milliseconds = duration.wholeMilliseconds
    let sign = milliseconds < 0 ? "-" : ""
    let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
    guard rest > 0 else { return "\(sign)\(seconds)s" }
    var fraction = padded(Int64(rest), 3)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(sign)\(seconds).\(fraction)s"
  }
}

/// Base64 of RFC 4648 with padding.
enum Base64Text {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for (index, byte) in group.enumerated() { bits |= UInt32(byte) << UInt32(16 - 8 * index) }
      for index in 0..<4 {
        let digit = alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)]
        text.append(index <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
