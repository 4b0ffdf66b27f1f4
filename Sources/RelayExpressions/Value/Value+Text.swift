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
    case .duration(let duration): .string(duration.secondsText)
    case .type(let name): .string(name)
    case .optional(let value): value?.asJSON ?? .null
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
    case .null, .json(.null), .optional(nil): return ""
    case .string(let text): return text
    case .double(let value): return DoubleText.shortest(value)
    case .optional(let value?): return value.text
    default:
      let json = asJSON
      return json.string ?? json.text
    }
  }

  private static func text(_ value: Double) -> String {
    value.isFinite ? "\(value)" : DoubleText.special(value)
  }
}
