internal import RelayDocuments

/// The keys of an entry of `map`.
enum MapKeys {
  static let target = Key(
    "to", .text, required: true, "A path such as fields.Email, items[0].name or fields[\"Phone number\"].")
  static let source = Key("from", .expression, "Where the value comes from.")
  static let value = Key("value", .anything, "The value itself; its strings may hold expressions in {{ }}.")
  static let transforms = Key("transforms", .list(of: TransformForm()), "What is done to it, in order.")
  static let fallback = Key("default", .anything, "What holds where the value is missing or null.")
  static let isRequired = Setting(
    "required", .flag, default: false, "Whether a value that is missing or null fails the step.")
  static let onError = Setting(
    "onError", .choice(of: MapEntry.ErrorPolicy.self), default: .fail, "What an error comes to.")

  static let sources = Alternatives(.one, of: source, value)
  static let shape = Shape(
    [target, source, value, transforms, fallback, isRequired, onError], sources)
}

/// The entries of `map`.
struct MapEntriesForm: Form {
  /// The longest list.
  static let maxEntries = 1000

  func read(_ written: WrittenValue) -> [MappingReader]? {
    guard let entries = written.node.elements, (1...Self.maxEntries).contains(entries.count) else {
      written.reject("must be a list of 1 to \(Self.maxEntries) entries, such as {\"to\": …, \"from\": …}")
      return nil
    }
    return ListForm(of: MapKeys.shape).read(written)
  }

  func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    [
      "type": "array", "minItems": 1, "maxItems": JSON(Self.maxEntries),
      "items": .object(MapKeys.shape.schema(&definitions)),
    ]
  }
}
