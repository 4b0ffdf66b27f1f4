import RelayDocuments
import Testing

/// Judges a document by the keywords of JSON Schema 2020-12 that our schemas use; any other keyword is a
/// complaint, so that none is passed over.
struct SchemaValidator {
  private let schema: JSON
  private let patterns: [String: Regex<AnyRegexOutput>]

  init(schema: JSON) {
    self.schema = schema
    patterns = Self.patterns(in: schema)
  }

  /// What is wrong with the document, each with its place.
  func complaints(about document: JSON) -> [String] { complaints(document, schema, "$") }

  private func complaints(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
    if schema == false { return ["\(place): is refused"] }
    return (schema.object?.members ?? []).flatMap { keyword in
      complaints(keyword.name, keyword.value, about: value, schema, place)
    }
  }

  private func complaints(
    _ keyword: String, _ wanted: JSON, about value: JSON, _ schema: JSON, _ place: String
  ) -> [String] {
    switch keyword {
    case "$schema", "$id", "$defs", "title", "description", "default": return []
    case "$ref": return complaints(value, definition(wanted), place)
    case "allOf": return (wanted.array ?? []).flatMap { complaints(value, $0, place) }
    case "properties", "additionalProperties", "propertyNames", "items":
      return inner(keyword, wanted, of: value, schema, place)
    case "required":
      let missing = wanted.array?.compactMap(\.string).filter { value.object != nil && value[$0] == nil }
      return (missing ?? []).map { "\(place): no \($0)" }
    default:
      guard let isFine = holds(keyword, wanted, value, place) else {
        return ["\(place): the validator does not know \(keyword)"]
      }
      return isFine ? [] : ["\(place): \(keyword) \(wanted.text)"]
    }
  }

  /// The keywords that judge what lies inside.
  private func inner(
    _ keyword: String, _ wanted: JSON, of value: JSON, _ schema: JSON, _ place: String
  ) -> [String] {
    let members = value.object?.members ?? []
    switch keyword {
    case "properties":
      return members.flatMap { member in
        wanted[member.name].map { complaints(member.value, $0, "\(place).\(member.name)") } ?? []
      }
    case "additionalProperties":
      return members.filter { schema["properties"]?[$0.name] == nil }
        .flatMap { complaints($0.value, wanted, "\(place).\($0.name)") }
    case "propertyNames":
      return members.flatMap { complaints(.string($0.name), wanted, "\(place).\($0.name)") }
    default:
      return (value.array ?? []).enumerated().flatMap { complaints($1, wanted, "\(place)[\($0)]") }
    }
  }

  /// The keywords that judge the value as a whole; nil for one that is not known.
  private func holds(_ keyword: String, _ wanted: JSON, _ value: JSON, _ place: String) -> Bool? {
    func isValid(_ schema: JSON) -> Bool { complaints(value, schema, place).isEmpty }
    let bound = wanted.int ?? 0
    switch keyword {
    case "type":
      return (wanted.array ?? [wanted]).contains { Self.types(of: value).contains($0.string ?? "") }
    case "enum": return wanted.array?.contains(value)
    case "const": return wanted == value
    case "not": return !isValid(wanted)
    case "oneOf": return wanted.array?.count(where: isValid) == 1
    case "anyOf": return wanted.array?.contains(where: isValid)
    case "minItems": return value.array.map { $0.count >= bound } ?? true
    case "maxItems": return value.array.map { $0.count <= bound } ?? true
    case "minProperties": return value.object.map { $0.count >= bound } ?? true
    case "maxProperties": return value.object.map { $0.count <= bound } ?? true
    case "minLength": return value.string.map { $0.unicodeScalars.count >= bound } ?? true
    case "minimum": return Self.number(value).map { $0 >= Double(bound) } ?? true
    case "maximum": return Self.number(value).map { $0 <= Double(bound) } ?? true
    case "pattern": return value.string.map { matches($0, wanted.string ?? "") } ?? true
    default: return nil
    }
  }

  private func definition(_ reference: JSON) -> JSON {
    schema["$defs"]?[String(reference.string?.dropFirst("#/$defs/".count) ?? "")] ?? false
  }

  /// A pattern that is none matches nothing.
  private func matches(_ text: String, _ pattern: String) -> Bool {
    patterns[pattern].map { text.contains($0) } ?? false
  }

  private static func patterns(in schema: JSON) -> [String: Regex<AnyRegexOutput>] {
    var found: [String: Regex<AnyRegexOutput>] = [:]
    do {
      if let pattern = schema["pattern"]?.string { found[pattern] = try Regex(pattern) }
    } catch {
      Issue.record("\(error)")
    }
    for inner in (schema.object?.members.map(\.value) ?? []) + (schema.array ?? []) {
      found.merge(patterns(in: inner)) { first, _ in first }
    }
    return found
  }

  private static func number(_ value: JSON) -> Double? {
    if case .number(let number) = value { number.double } else { nil }
  }

  private static func types(of value: JSON) -> [String] {
    switch value {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .number: value.int == nil ? ["number"] : ["number", "integer"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }
}
