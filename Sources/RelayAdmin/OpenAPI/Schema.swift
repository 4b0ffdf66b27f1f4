internal import RelayDocuments

/// The shape of a value, written as JSON Schema 2020-12 in the OpenAPI document.
indirect enum Schema: Sendable {
  /// One of the named shapes of `Schemas`.
  case named(String)
  case object([Member])
  case list(of: Schema)
  case text(format: String? = nil)
  case choice([String])
  case integer(ClosedRange<Int>? = nil)
  case flag
  /// A value of any kind: what came from outside.
  case any
  /// The shape, or null.
  case optional(Schema)

  struct Member: Sendable {
    let name: String
    let schema: Schema
    let summary: String?
    let isRequired: Bool

    init(_ name: String, _ schema: Schema, _ summary: String? = nil, required: Bool = true) {
      self.name = name
      self.schema = schema
      self.summary = summary
      self.isRequired = required
    }
  }

  static let instant = Schema.text(format: "date-time")

  /// A page of a list.
  static func page(_ name: String) -> Schema {
    .object([
      Member("items", .list(of: .named(name))),
      Member("next", .optional(.text()), "The cursor of the next page; null on the last."),
    ])
  }

  var json: JSON {
    switch self {
    case .named(let name): ["$ref": .string("#/components/schemas/\(name)")]
    case .object(let members): Self.object(members)
    case .list(let element): ["type": "array", "items": element.json]
    case .text(let format):
      format.map { ["type": "string", "format": .string($0)] } ?? ["type": "string"]
    case .choice(let names): ["type": "string", "enum": .array(names.map { .string($0) })]
    case .integer(let range): Self.integer(range)
    case .flag: ["type": "boolean"]
    case .any: [:]
    case .optional(let schema): ["anyOf": [schema.json, ["type": "null"]]]
    }
  }

  private static func object(_ members: [Member]) -> JSON {
    var properties = JSONObject()
    for member in members {
      var schema = member.schema.json.object ?? JSONObject()
      if let summary = member.summary { schema["description"] = .string(summary) }
      properties[member.name] = .object(schema)
    }
    let required = members.filter(\.isRequired).map { JSON.string($0.name) }
    var object = JSONObject([("type", "object"), ("properties", .object(properties))])
    if !required.isEmpty { object["required"] = .array(required) }
    return .object(object)
  }

  private static func integer(_ range: ClosedRange<Int>?) -> JSON {
    guard let range else { return ["type": "integer"] }
    return ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
  }
}
