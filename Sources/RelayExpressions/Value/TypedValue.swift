package import RelayDocuments

/// A value with its type, `{"type":T,"value":V}`: what JSON alone does not tell apart.
package enum TypedValue {
  /// The value as JSON; an optional one as its content.
  package static func json(_ value: Value) -> JSON {
    switch value.resolved {
    case .null: ["type": "null"]
    case .bool(let value): ["type": "bool", "value": .bool(value)]
    case .int(let value): text("int", "\(value)")
    case .uint(let value): text("uint", "\(value)")
    case .double(let value): text("double", Self.text(value))
    case .string(let value): text("string", value)
    case .bytes(let bytes): text("bytes", Base64Text.encode(bytes))
    case .timestamp(let instant): text("timestamp", instant.rfc3339)
    case .duration(let duration): text("duration", duration.secondsText)
    case .type(let name): text("type", name)
    case .optional(let value): value.map(json) ?? ["type": "null"]
    case .list(let elements): ["type": "list", "value": .array(elements.map(json))]
    case .map(let map):
      ["type": "map", "value": .array(map.entries.map { .array([json($0.key.value), json($0.value)]) })]
    case .json(let json): ["type": "string", "value": json]
    case .object(let object): json(.map(ValueMap(object)))
    }
  }

  /// Nil for what is no typed value.
  package static func value(_ json: JSON) -> Value? {
    let text = json["value"]?.string
    switch json["type"]?.string {
    case "null": return .null
    case "bool": return json["value"]?.bool.map(Value.bool)
    case "int": return text.flatMap { Int64($0) }.map(Value.int)
    case "uint": return text.flatMap { UInt64($0) }.map(Value.uint)
    case "double": return text.flatMap { Double($0) }.map(Value.double)
    case "string": return text.map(Value.string)
    case "bytes": return text.flatMap { Base64Text.decode($0) }.map(Value.bytes)
    case "timestamp": return text.flatMap { Instant(rfc3339: $0) }.map(Value.timestamp)
    case "duration": return text.flatMap { Duration(goText: $0) }.map(Value.duration)
    case "type": return text.map(Value.type)
    case "list": return json["value"]?.array.flatMap(list).map(Value.list)
    case "map": return json["value"]?.array.flatMap(map).map(Value.map)
    default: return nil
    }
  }

  private static func text(_ type: String, _ value: String) -> JSON {
    ["type": .string(type), "value": .string(value)]
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)"
  }

  private static func list(_ elements: [JSON]) -> [Value]? {
    let values = elements.compactMap(value)
    return values.count == elements.count ? values : nil
  }

  private static func map(_ entries: [JSON]) -> ValueMap? {
    var map = ValueMap()
    for entry in entries {
      guard let pair = entry.array, pair.count == 2, let key = value(pair[0]).flatMap(MapKey.init),
        let value = value(pair[1])
      else { return nil }
      map[key] = value
    }
    return map
  }
}
