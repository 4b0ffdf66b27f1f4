internal import RelayDocuments
internal import RelayModel

extension RequestReader {
  /// The value at `source`, within `scope` where that is one element of the body; nil where there is
  /// none. A source in the signature is the format's to read.
  mutating func value(
    _ source: ValueSource, in scope: JSON? = nil
  ) throws(Refusal) -> ArraySlice<UInt8>? {
    switch source {
    case .header(let name): return try header(name)
    case .query(let name): return query().first(name)?[...]
    case .form(let name): return try form().first(name)?[...]
    case .json(let path):
      let document = if let scope { scope } else { try json() }
      return document.value(at: path)?.scalarText.map { [UInt8]($0)[...] }
    case .body: return request.body.isEmpty ? nil : request.body[...].trimmingBlanks
    case .signature: return nil
    }
  }

  /// The value at `source`, or the refusal that says what is missing.
  mutating func required(_ source: ValueSource, in scope: JSON? = nil) throws(Refusal) -> ArraySlice<UInt8> {
    guard let value = try value(source, in: scope) else {
      throw Refusal(.missingHeader, "\(source.text) is missing")
    }
    return value
  }
}

extension JSON {
  /// A scalar as it stands in a message; nil for an object and an array, empty for null.
  var scalarText: String? {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .number(let number): number.text
    case .string(let text): text
    case .array, .object: nil
    }
  }
}
