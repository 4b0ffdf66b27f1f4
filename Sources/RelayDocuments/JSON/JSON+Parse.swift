extension JSON {
  /// Reads a strict RFC 8259 document: no byte order mark, no trailing comma, valid UTF-8, no lone
  /// surrogate. Keeps number text and member order.
  ///
  /// - Parameters:
  ///   - maxDepth: how deep arrays and objects may nest; recursion goes no deeper.
  ///   - duplicates: what a second member of the same name is.
  package static func parse(
    _ bytes: Span<UInt8>, maxDepth: Int = 128, duplicates: DuplicateMembers = .refuse
  ) throws(JSONError) -> JSON {
    var parser = JSONParser(PlainBuilder(), maxDepth: maxDepth, duplicates: duplicates)
    return try parser.document(bytes)
  }

  /// `parse(_:maxDepth:duplicates:)` for an array.
  package static func parse(
    _ bytes: [UInt8], maxDepth: Int = 128, duplicates: DuplicateMembers = .refuse
  ) throws(JSONError) -> JSON {
    try parse(bytes.span, maxDepth: maxDepth, duplicates: duplicates)
  }

  /// `parse(_:maxDepth:duplicates:)` for text.
  package static func parse(
    text: String, maxDepth: Int = 128, duplicates: DuplicateMembers = .refuse
  ) throws(JSONError) -> JSON {
    try parse(Array(text.utf8).span, maxDepth: maxDepth, duplicates: duplicates)
  }
}

/// Builds plain values, which do not know where they stood.
struct PlainBuilder: JSONBuilder {
  mutating func mark(_ offset: Int, in bytes: Span<UInt8>) {}
  func scalar(_ value: JSON, at mark: Void) -> JSON { value }
  func array(_ elements: [JSON], at mark: Void) -> JSON { .array(elements) }
  func object(_ members: [(name: String, value: JSON)], at mark: Void) -> JSON {
    .object(JSONObject(members))
  }
  func member(_ name: String, at mark: Void, _ value: JSON) -> (name: String, value: JSON) { (name, value) }
  func name(of member: (name: String, value: JSON)) -> String { member.name }
}
