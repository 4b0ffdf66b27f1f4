import RelayDocuments
import Testing

/// Holds a schema and a reader, which are made of the same keys, against each other by what they say of documents.
struct SchemaAgreement {
  let validator: SchemaValidator
  /// What the reader says of a document; empty where it takes it.
  let complaints: (JSON) -> [String]

  /// Every document that differs from `document` in one place is refused by both, or taken by both, as far as
  /// keys and kinds go.
  func expect(around document: JSON) {
    #expect(complaints(document) == [])
    #expect(validator.complaints(about: document) == [])
    for changed in Mutations.all(of: document) {
      let told = complaints(changed)
      let seen = validator.complaints(about: changed)
      if !seen.isEmpty, told.isEmpty {
        Issue.record("the reader takes \(changed.text), the schema does not: \(seen)")
      }
      if seen.isEmpty, told.contains(where: Self.isOfShape) {
        Issue.record("the schema takes \(changed.text), the reader does not: \(told)")
      }
    }
  }

  /// Whether a complaint is about keys and kinds, not about what they mean, nor about the arguments of a
  /// transform, which it judges itself.
  private static func isOfShape(_ complaint: String) -> Bool {
    if complaint.contains(".transforms[") { return false }
    return complaint.hasPrefix("unknown key") || complaint.hasSuffix(" is missing")
      || complaint.contains(/\ (must hold|needs exactly one|has more than one body|must be one of)/)
      || complaint.contains(/\ must be (a|true|a list of) .*, not [^ ]/)
  }

  /// The keys of `schema` that none of `documents` has.
  static func unwritten(in documents: [JSON], of schema: JSON) -> Set<String> {
    properties(of: schema).subtracting(documents.flatMap(names))
  }

  private static func names(in value: JSON) -> Set<String> {
    let members = value.object?.members ?? []
    let inner = members.map(\.value) + (value.array ?? [])
    return inner.reduce(into: Set(members.map(\.name))) { $0.formUnion(names(in: $1)) }
  }

  private static func properties(of schema: JSON) -> Set<String> {
    let inner = (schema.object?.members.map(\.value) ?? []) + (schema.array ?? [])
    let own = schema["properties"]?.object?.members.map(\.name) ?? []
    return inner.reduce(into: Set(own)) { $0.formUnion(properties(of: $1)) }
  }
}
