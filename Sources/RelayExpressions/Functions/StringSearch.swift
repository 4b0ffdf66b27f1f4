extension Functions {
  static let stringSearch: [Function] = [
    Function("contains") { whole, part, _ throws(ValueError) in
      let search = ByteSearch(Array(try part.asString().utf8))
      return .bool(search.first(in: Array(try whole.asString().utf8), from: 0) != nil)
    },
    Function("startsWith") { whole, part, _ throws(ValueError) in
      .bool(try whole.asString().utf8.starts(with: try part.asString().utf8))
    },
    Function("endsWith") { whole, part, _ throws(ValueError) in
      let part = try part.asString().utf8
      return .bool(try whole.asString().utf8.suffix(part.count).elementsEqual(part))
    },
    Function("indexOf", .method, 2...3) { values, _ throws(ValueError) in
      let text = try values[0].asString()
      let part = try values[1].asString()
      let count = text.unicodeScalars.count
      let start = values.count > 2 ? try values[2].asInt() : 0
      guard start >= 0, start <= count else { throw outside(start, count) }
      let bytes = Array(text.utf8)
      let from = byteOffset(of: Int(start), in: text)
      let found = ByteSearch(Array(part.utf8)).first(in: bytes, from: from)
      return .int(found.map { Int64(scalarCount(bytes[..<$0])) } ?? -1)
    },
    Function("lastIndexOf", .method, 2...3) { values, _ throws(ValueError) in
      let text = try values[0].asString()
      let part = try values[1].asString()
      let count = text.unicodeScalars.count
      let end = values.count > 2 ? try values[2].asInt() : Int64(count)
      guard end >= 0, end <= count else { throw outside(end, count) }
      let bytes = Array(text.utf8)
      let found = ByteSearch(Array(part.utf8)).last(in: bytes, upTo: byteOffset(of: Int(end), in: text))
      return .int(found.map { Int64(scalarCount(bytes[..<$0])) } ?? -1)
    },
    Function("matches", .both) { text, pattern, budget throws(ValueError) in
      let compiled: Pattern
      do throws(PatternError) {
        compiled = try Pattern(try pattern.asPattern())
      } catch {
        throw ValueError(error.message)
      }
      try budget.charge(compiled.size)
      return try matching(compiled)(text, &budget)
    },
  ]

  /// Whether a text matches a pattern that is compiled already.
  static func matching(_ pattern: Pattern) -> @Sendable (Value, inout Budget) throws(ValueError) -> Value {
    { text, budget throws(ValueError) in
      let text = try text.asString()
      var steps = 0
      let found = pattern.matches(text, steps: &steps, limit: Budget.limit * 16)
      try budget.charge(steps >> 4)
      guard let found else { throw ValueError("too costly: more than \(Budget.limit) operations", .spent) }
      return .bool(found)
    }
  }

  private static func byteOffset(of index: Int, in text: String) -> Int {
    let scalars = text.unicodeScalars
    return text.utf8.distance(
      from: scalars.startIndex, to: scalars.index(scalars.startIndex, offsetBy: index))
  }

  private static func scalarCount(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 & 0xC0 != 0x80 } }
}

extension Value {
  fileprivate func asPattern() throws(PatternError) -> String {
    guard case .string(let text) = self else {
      throw PatternError("wants a string for a pattern, not \(typeName)")
    }
    return text
  }
}

/// Looks for bytes in bytes in linear time (Knuth, Morris and Pratt).
struct ByteSearch {
  private let part: [UInt8]
  /// For each length of a matched beginning, how much of it still matches where the next byte does not.
  private let fallback: [Int]

  init(_ part: [UInt8]) {
    self.part = part
    var fallback = [0]
    var length = 0
    for index in part.indices.dropFirst() {
      while length > 0, part[index] != part[length] { length = fallback[length - 1] }
      if part[index] == part[length] { length += 1 }
      fallback.append(length)
    }
    self.fallback = fallback
  }

  func first(in bytes: [UInt8], from start: Int) -> Int? {
    if part.isEmpty { return start }
    var length = 0
    for index in start..<max(start, bytes.count) {
      while length > 0, bytes[index] != part[length] { length = fallback[length - 1] }
      if bytes[index] == part[length] { length += 1 }
      if length == part.count { return index + 1 - length }
    }
    return nil
  }

  /// The last match that begins at `end` or before it.
  func last(in bytes: [UInt8], upTo end: Int) -> Int? {
    if part.isEmpty { return end }
    let reversed = ByteSearch(part.reversed())
    let limit = min(bytes.count, end + part.count)
    return reversed.first(in: bytes[..<limit].reversed(), from: 0).map { limit - $0 - part.count }
  }
}
