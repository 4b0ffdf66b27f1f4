/// A way into a document: `a.b[0].c`, `a.0.b`, `["odd name"].x`, `events[].type` (an empty index is the
/// first element). A part that is a number finds an element of an array and a member of an object.
package struct JSONPath: Sendable, Hashable {
  package struct Part: Sendable, Hashable {
    /// UTF-8 of a member's name; nil for `[0]`, which names an element only.
    package let name: [UInt8]?
    /// Of an element; nil for what can only be a member's name.
    package let index: Int?
  }

  /// The path as it was written.
  package let text: String
  package let parts: [Part]

  /// Nil when `text` is no path. The empty path is the document itself.
  package init?(_ text: String) {
    var scanner = PathScanner(bytes: Array(text.utf8))
    guard let parts = scanner.parts() else { return nil }
    self.text = text
    self.parts = parts
  }
}

extension JSON {
  /// The value at a dotted path; nil when there is none or `path` is no path.
  package func value(at path: String) -> JSON? { JSONPath(path).flatMap(value(at:)) }

  /// The value at `path`; nil when there is none.
  package func value(at path: JSONPath) -> JSON? {
    var current = self
    for part in path.parts {
      guard let next = current.value(at: part) else { return nil }
      current = next
    }
    return current
  }

  private func value(at part: JSONPath.Part) -> JSON? {
    switch self {
    case .object(let object):
      part.name.flatMap { name in object.members.first { $0.name.utf8.elementsEqual(name) }?.value }
    case .array(let elements):
      part.index.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    case .null, .bool, .number, .string: nil
    }
  }
}

private struct PathScanner {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func parts() -> [JSONPath.Part]? {
    var parts: [JSONPath.Part] = []
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "[") {
        guard let part = bracketed() else { return nil }
        parts.append(part)
      } else {
        if !parts.isEmpty {
          guard bytes[position] == UInt8(ascii: ".") else { return nil }
          position += 1
        }
        guard let part = named() else { return nil }
        parts.append(part)
      }
    }
    return parts
  }

  private mutating func named() -> JSONPath.Part? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "."), bytes[position] != UInt8(ascii: "[") {
      position += 1
    }
    guard position > start else { return nil }
    let name = bytes[start..<position]
    return JSONPath.Part(name: Array(name), index: number(name))
  }

  private mutating func bracketed() -> JSONPath.Part? {
    position += 1
    guard position < bytes.count else { return nil }
    let quote = bytes[position]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      position += 1
      guard let end = bytes[position...].firstIndex(of: quote), end + 1 < bytes.count,
        bytes[end + 1] == UInt8(ascii: "]")
      else { return nil }
      let name = Array(bytes[position..<end])
      position = end + 2
      return JSONPath.Part(name: name, index: nil)
    }
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let digits = bytes[position..<end]
    position = end + 1
    guard let index = digits.isEmpty ? 0 : number(digits) else { return nil }
    return JSONPath.Part(name: nil, index: index)
  }

  private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    var value = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }
}
