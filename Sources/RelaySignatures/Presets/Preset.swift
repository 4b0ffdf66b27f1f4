package import RelayDocuments

/// What we know of one provider, or of one of its signature schemes.
package struct Preset: Sendable {
  /// The name that a configuration gives as `provider`.
  package let id: String
  /// The provider's own name, for people.
  package let name: String
  /// Other names that a configuration may use.
  package let aliases: [String]
  /// The whole entry: `verify` is ours; `delivery`, `eventType` and `handshake` belong to whoever reads
  /// them.
  package let entry: JSON

  /// How a request proves where it comes from, in the grammar of a configuration's `verify:`: one way,
  /// unless the provider has changed its ways or differs from its documentation.
  var verify: [JSONObject] {
    entry["verify"]?.array?.compactMap(\.object) ?? entry["verify"]?.object.map { [$0] } ?? []
  }

  /// Nil when `entry` has no id or no `verify`.
  init?(entry: JSON) {
    guard let id = entry["id"]?.string, entry["verify"] != nil else { return nil }
    self.id = id
    self.name = entry["name"]?.string ?? id
    self.aliases = entry["aliases"]?.array?.compactMap(\.string) ?? []
    self.entry = entry
  }
}
