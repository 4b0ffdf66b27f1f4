/// Finds one value in a document without building the rest of it: for delivery ids and event types,
/// which are wanted of every request.
package enum JSONScan {
  /// The value at `path`. Nil when there is none, or when the text on the way to it is no JSON; text
  /// beside the way is not checked. Of members of equal name the last counts, as with
  /// `DuplicateMembers.keepLast`, so that a scan and a parse never disagree.
  package static func find(_ path: JSONPath, in bytes: Span<UInt8>) -> JSON? {
    var position = 0
    for part in path.parts {
      guard let next = start(of: part, from: position, bytes) else { return nil }
      position = next
    }
    var parser = JSONParser(PlainBuilder(), at: position, maxDepth: 128, duplicates: .keepLast)
    do {
      return try parser.value(bytes)
    } catch {
      return nil
    }
  }

  /// `find(_:in:)` for an array.
  package static func find(_ path: JSONPath, in bytes: [UInt8]) -> JSON? { find(path, in: bytes.span) }

  /// Where the value of `part` begins, within the container at `position`.
  private static func start(of part: JSONPath.Part, from position: Int, _ bytes: Span<UInt8>) -> Int? {
    var reader = JSONReader(at: position)
    reader.skipWhitespace(bytes)
    if reader.take("{", bytes) { return part.name.flatMap { lastMember($0, reader, bytes) } }
    if reader.take("[", bytes) { return part.index.flatMap { element($0, reader, bytes) } }
    return nil
  }

  private static func lastMember(_ name: [UInt8], _ opened: JSONReader, _ bytes: Span<UInt8>) -> Int? {
    var reader = opened
    var found: Int?
    reader.skipWhitespace(bytes)
    if reader.take("}", bytes) { return nil }
    while true {
      reader.skipWhitespace(bytes)
      guard let isNamed = reader.takeName(name, bytes) else { return nil }
      reader.skipWhitespace(bytes)
      guard reader.take(":", bytes) else { return nil }
      reader.skipWhitespace(bytes)
      if isNamed { found = reader.position }
      guard reader.skipValue(bytes) else { return nil }
      reader.skipWhitespace(bytes)
      if reader.take("}", bytes) { return found }
      guard reader.take(",", bytes) else { return nil }
    }
  }

  private static func element(_ index: Int, _ opened: JSONReader, _ bytes: Span<UInt8>) -> Int? {
    var reader = opened
    reader.skipWhitespace(bytes)
    if reader.peek(bytes) == UInt8(ascii: "]") { return nil }
    for _ in 0..<index {
      guard reader.skipValue(bytes) else { return nil }
      reader.skipWhitespace(bytes)
      guard reader.take(",", bytes) else { return nil }
      reader.skipWhitespace(bytes)
    }
    return reader.position
  }
}

extension JSONReader {
  /// Takes a member name and tells whether it is `name`; nil when none stands here.
  fileprivate mutating func takeName(_ name: [UInt8], _ bytes: Span<UInt8>) -> Bool? {
    guard peek(bytes) == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    guard let hasEscape = skipString(bytes) else { return nil }
    if hasEscape {
      var again = JSONReader(at: start - 1)
      do {
        return try again.string(bytes).utf8.elementsEqual(name)
      } catch {
        return nil
      }
    }
    guard position - 1 - start == name.count else { return false }
    for index in name.indices where bytes[start + index] != name[index] { return false }
    return true
  }

  /// Passes a string; tells whether it has an escape, nil when it does not end.
  fileprivate mutating func skipString(_ bytes: Span<UInt8>) -> Bool? {
    var hasEscape = false
    advance()
    while true {
      skipPlain(bytes)
      guard position < bytes.count else { return nil }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        advance()
        return hasEscape
      case UInt8(ascii: "\\"):
        hasEscape = true
        advance(2)
      default:
        advance()
      }
    }
  }

  /// Passes a value without checking it; no recursion, whatever its depth.
  fileprivate mutating func skipValue(_ bytes: Span<UInt8>) -> Bool {
    var depth = 0
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard skipString(bytes) != nil else { return false }
        if depth == 0 { return true }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        advance()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return position > start }
        depth -= 1
        advance()
        if depth == 0 { return true }
      case UInt8(ascii: ","):
        if depth == 0 { return position > start }
        advance()
      default:
        advance()
      }
    }
    return depth == 0 && position > start
  }
}
