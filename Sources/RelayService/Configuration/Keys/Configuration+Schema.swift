package import RelayDocuments

extension Configuration {
  /// The JSON Schema of configurations: of the keys that they are read by. What is in `verify` beyond its
  /// secrets, who verifies signatures knows.
  package static var schema: JSON {
    ConfigurationKeys.shape.document(id: "urn:petrel:schema:configuration", title: "Petrel configuration")
  }
}
