/// What a parsed document becomes: plain values, or values that know where they stand. One grammar
/// serves both.
protocol JSONBuilder {
  associatedtype Value
  associatedtype Member
  /// Where something stands, as far as the builder cares.
  associatedtype Mark

  /// Called with rising offsets, at the start of every value and every member name.
  mutating func mark(_ offset: Int, in bytes: Span<UInt8>) -> Mark
  func scalar(_ value: JSON, at mark: Mark) -> Value
  func array(_ elements: [Value], at mark: Mark) -> Value
  func object(_ members: [Member], at mark: Mark) -> Value
  func member(_ name: String, at mark: Mark, _ value: Value) -> Member
  func name(of member: Member) -> String
}

/// What to do with a second member of the same name.
package enum DuplicateMembers: Sendable {
  /// For documents that people write: an error.
  case refuse
  /// For what senders send: the last one counts, as with most parsers.
  case keepLast
}

/// Builds a document from RFC 8259 text; recursion is bounded by `maxDepth`.
struct JSONParser<Builder: JSONBuilder> {
  private var reader: JSONReader
  private var builder: Builder
  private let maxDepth: Int
  private let duplicates: DuplicateMembers

  init(_ builder: Builder, at position: Int = 0, maxDepth: Int, duplicates: DuplicateMembers) {
    self.reader = JSONReader(at: position)
    self.builder = builder
    self.maxDepth = maxDepth
    self.duplicates = duplicates
  }

  /// The one value that the whole text is.
  mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> Builder.Value {
    let value = try value(bytes, depth: 0)
    reader.skipWhitespace(bytes)
    guard reader.position == bytes.count else {
      throw JSONError("unexpected text after the document", at: reader.position, in: bytes)
    }
    return value
  }

  /// The value that begins here, whatever follows it.
  mutating func value(_ bytes: Span<UInt8>, depth: Int = 0) throws(JSONError) -> Builder.Value {
    reader.skipWhitespace(bytes)
    guard let first = reader.peek(bytes) else {
      throw JSONError("the document ends where a value should stand", at: reader.position, in: bytes)
    }
    let mark = builder.mark(reader.position, in: bytes)
    switch first {
    case UInt8(ascii: "{"):
      return builder.object(try members(bytes, depth: depth + 1), at: mark)
    case UInt8(ascii: "["):
      return builder.array(try elements(bytes, depth: depth + 1), at: mark)
    case UInt8(ascii: "\""):
      return builder.scalar(.string(try reader.string(bytes)), at: mark)
    case UInt8(ascii: "-"), 48...57:
      return builder.scalar(.number(try reader.number(bytes)), at: mark)
    case UInt8(ascii: "t"):
      try reader.literal("true", bytes)
      return builder.scalar(.bool(true), at: mark)
    case UInt8(ascii: "f"):
      try reader.literal("false", bytes)
      return builder.scalar(.bool(false), at: mark)
    case UInt8(ascii: "n"):
      try reader.literal("null", bytes)
      return builder.scalar(.null, at: mark)
    default:
      throw JSONError("expected a value", at: reader.position, in: bytes)
    }
  }

  private mutating func elements(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> [Builder.Value] {
    try open(bytes, depth: depth)
    var elements: [Builder.Value] = []
    if reader.take("]", bytes) { return elements }
    while true {
      elements.append(try value(bytes, depth: depth))
      reader.skipWhitespace(bytes)
      if reader.take("]", bytes) { return elements }
      guard reader.take(",", bytes) else {
        throw JSONError("expected \",\" or \"]\"", at: reader.position, in: bytes)
      }
    }
  }

  private mutating func members(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> [Builder.Member] {
    try open(bytes, depth: depth)
    var members = MemberList<Builder>(builder)
    if reader.take("}", bytes) { return members.all }
    while true {
      reader.skipWhitespace(bytes)
      let offset = reader.position
      guard reader.peek(bytes) == UInt8(ascii: "\"") else {
        throw JSONError("expected a member name in double quotes", at: offset, in: bytes)
      }
      let mark = builder.mark(offset, in: bytes)
      let name = try reader.string(bytes)
      reader.skipWhitespace(bytes)
      guard reader.take(":", bytes) else {
        throw JSONError("expected \":\" after a member name", at: reader.position, in: bytes)
      }
      let member = builder.member(name, at: mark, try value(bytes, depth: depth))
      if !members.append(name, member, duplicates) {
        throw JSONError("the member \"\(name)\" appears twice", at: offset, in: bytes)
      }
      reader.skipWhitespace(bytes)
      if reader.take("}", bytes) { return members.all }
      guard reader.take(",", bytes) else {
        throw JSONError("expected \",\" or \"}\"", at: reader.position, in: bytes)
      }
    }
  }

  /// Takes the opening bracket and the blanks after it.
  private mutating func open(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
    guard depth <= maxDepth else {
      throw JSONError("nested deeper than \(maxDepth) levels", at: reader.position, in: bytes)
    }
    reader.advance()
    reader.skipWhitespace(bytes)
  }
}
