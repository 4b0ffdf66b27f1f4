/// The keys that a mapping may have. What is none of them is refused with the nearest of them.
package struct Shape: Form {
  /// What the schema calls it where it stands at more than one place; nil writes it out where it stands.
  let name: String?
  package let keys: [any NamedKey]
  let alternatives: [Alternatives]
  /// Whether other keys are somebody else's to judge.
  let isOpen: Bool

  package init(
    named name: String? = nil, _ keys: [any NamedKey], _ alternatives: Alternatives..., isOpen: Bool = false
  ) {
    self.name = name
    self.keys = keys
    self.alternatives = alternatives
    self.isOpen = isOpen
  }

  package var names: [String] { keys.map(\.name) }

  /// A reader for the mapping, which the caller finishes.
  package func read(_ written: WrittenValue) -> MappingReader? {
    let reader = MappingReader(written.node, path: written.path, of: self, written.diagnostics)
    return written.node.members == nil ? nil : reader
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    guard let name else { return body(&definitions) }
    return definitions.reference(name, body)
  }

  /// The schema of a whole file.
  ///
  /// - Parameter id: the name by which other schemas may refer to it, a URN.
  package func document(id: String, title: String) -> JSON {
    var definitions = SchemaDefinitions()
    let body = body(&definitions)
    var schema: JSONObject = [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(id), "title": .string(title),
    ]
    for member in body.members { schema[member.name] = member.value }
    schema["$defs"] = .object(definitions.all)
    return .object(schema)
  }

  private func body(_ definitions: inout SchemaDefinitions) -> JSONObject {
    var properties = JSONObject()
    for key in keys { properties[key.name] = .object(key.schema(&definitions)) }
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    let required = keys.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    if !isOpen { schema["additionalProperties"] = false }
    if !alternatives.isEmpty { schema["allOf"] = .array(alternatives.map(\.schema)) }
    return schema
  }
}

/// Keys of one mapping that stand in for each other.
package struct Alternatives: Sendable {
  package enum Count: Sendable {
    case one, oneOrNone, oneOrMore
  }

  package let names: [String]
  private let count: Count

  package init(_ count: Count, of keys: any NamedKey...) {
    self.count = count
    self.names = keys.map(\.name)
  }

  fileprivate var schema: JSON {
    let each = names.map { name -> JSON in ["required": [.string(name)]] }
    return switch count {
    case .one: ["oneOf": .array(each)]
    case .oneOrMore: ["anyOf": .array(each)]
    case .oneOrNone: ["oneOf": .array(each + [["not": ["anyOf": .array(each)]]])]
    }
  }
}
