/// What a JSON Schema says once and refers to: `$defs`.
package struct SchemaDefinitions {
  /// In the order in which they were first referred to.
  private(set) var all = JSONObject()

  package init() {}

  /// A reference to the definition `name`, which `make` writes where it is not there yet. Within `make` it
  /// counts as there, so that a definition may refer to itself.
  package mutating func reference(
    _ name: String, _ make: (inout SchemaDefinitions) -> JSONObject
  ) -> JSONObject {
    if all[name] == nil {
      all[name] = true
      all[name] = .object(make(&self))
    }
    return ["$ref": .string("#/$defs/\(name)")]
  }
}
