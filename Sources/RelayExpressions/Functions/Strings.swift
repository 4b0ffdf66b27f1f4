extension Functions {
  static let strings: [Function] = [
    Function("trim") { value, _ throws(ValueError) in .string(trimmed(try value.asString())) },
    Function("lowerAscii") { value, _ throws(ValueError) in
      .string(mapped(try value.asString()) { (65...90).contains($0) ? $0 | 0x20 : $0 })
    },
    Function("upperAscii") { value, _ throws(ValueError) in
      .string(mapped(try value.asString()) { (97...122).contains($0) ? $0 & 0xDF : $0 })
    },
    Function("reverse") { value, budget throws(ValueError) in
      if let elements = value.elements { return .list(elements.reversed()) }
      guard case .string(let text) = value else { throw ValueError.mismatch("a string or a list", value) }
      return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
    },
    Function("charAt") { value, index, _ throws(ValueError) in
      let scalars = Array(try value.asString().unicodeScalars)
      let place = try index.asInt()
      guard place >= 0, place <= scalars.count else { throw outside(place, scalars.count) }
      return .string(place == scalars.count ? "" : String(scalars[Int(place)]))
    },
    Function("substring", .method, 2...3) { values, _ throws(ValueError) in
      let scalars = Array(try values[0].asString().unicodeScalars)
      let start = try values[1].asInt()
      let end = values.count > 2 ? try values[2].asInt() : Int64(scalars.count)
      guard start >= 0, start <= scalars.count else { throw outside(start, scalars.count) }
      guard end >= 0, end <= scalars.count else { throw outside(end, scalars.count) }
      guard start <= end else { throw ValueError("the range from \(start) to \(end) ends before it begins") }
      return .string(String(String.UnicodeScalarView(scalars[Int(start)..<Int(end)])))
    },
    Function("join", .method, 1...2) { values, budget throws(ValueError) in
      let separator = values.count > 1 ? try values[1].asString() : ""
      let elements = try values[0].asList()
      try budget.charge(elements.count * (1 + separator.utf8.count >> 6))
      var text = ""
      for (index, element) in elements.enumerated() {
        if index > 0 { text += separator }
        let part = try element.asString()
        try budget.charge(part.utf8.count >> 6)
        text += part
      }
      return .string(text)
    },
    Function("split", .method, 2...3) { values, _ throws(ValueError) in
      let limit = values.count > 2 ? try values[2].asInt() : -1
      return .list(split(try values[0].asString(), try values[1].asString(), limit).map(Value.string))
    },
    Function("replace", .method, 3...4) { values, budget throws(ValueError) in
      let limit = values.count > 3 ? try values[3].asInt() : -1
      let pieces = splitForReplace(try values[0].asString(), try values[1].asString(), limit)
      let with = try values[2].asString()
      try budget.charge(pieces.count + pieces.count * with.utf8.count >> 6)
      return .string(pieces.joined(separator: with))
    },
    Function("strings.quote", .global) { value, _ throws(ValueError) in .string(quoted(try value.asString()))
    },
    Function("format") { value, arguments, budget throws(ValueError) in
      var format = Format(try value.asString(), try arguments.asList())
      return .string(try format.text(&budget))
    },
    Function("base64.encode", .global) { value, _ throws(ValueError) in
      switch value {
      case .bytes(let bytes): return .string(Base64Text.encode(bytes))
      case .string(let text): return .string(Base64Text.encode(Array(text.utf8)))
      default: throw ValueError.mismatch("bytes", value)
      }
    },
    Function("base64.decode", .global) { value, _ throws(ValueError) in
      guard let bytes = Base64Text.decode(try value.asString()) else { throw ValueError("not base64") }
      return .bytes(bytes)
    },
  ]

  static func outside(_ place: Int64, _ count: Int) -> ValueError {
    ValueError("\(place) is outside of 0 to \(count)")
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { scalars.index(after: $0) } ?? start
    return String(scalars[start..<end])
  }

  private static func mapped(_ text: String, _ change: (UInt8) -> UInt8) -> String {
    String(decoding: text.utf8.map(change), as: UTF8.self)
  }

  /// The pieces between separators, `limit` at most, all where it is negative; an empty separator stands
  /// between all characters.
  private static func split(_ text: String, _ separator: String, _ limit: Int64) -> [String] {
    guard limit != 0 else { return [] }
    if separator.isEmpty {
      let scalars = Array(text.unicodeScalars)
      guard limit > 0, limit < scalars.count else { return scalars.map { String($0) } }
      let single = scalars[..<Int(limit - 1)].map { String($0) }
      return single + [String(String.UnicodeScalarView(scalars[Int(limit - 1)...]))]
    }
    return pieces(text, separator, limit)
  }

  /// What stands around the first `limit` matches.
  private static func splitForReplace(_ text: String, _ part: String, _ limit: Int64) -> [String] {
    guard limit != 0 else { return [text] }
    let pieces = limit < 0 || limit == .max ? -1 : limit + 1
    guard part.isEmpty else { return self.pieces(text, part, pieces) }
    // Nothing stands before the first, between all, and behind the last character.
    guard pieces < 0 || pieces > 1 else { return [text] }
    return [""] + split(text, "", pieces < 0 ? -1 : pieces - 1)
      + (pieces < 0 || pieces > text.unicodeScalars.count + 1 ? [""] : [])
  }

  private static func pieces(_ text: String, _ separator: String, _ limit: Int64) -> [String] {
    let bytes = Array(text.utf8)
    let search = ByteSearch(Array(separator.utf8))
    var pieces: [String] = []
    var start = 0
    while limit < 0 || pieces.count < limit - 1, let found = search.first(in: bytes, from: start) {
      pieces.append(String(decoding: bytes[start..<found], as: UTF8.self))
      start = found + separator.utf8.count
    }
    return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{07}": quoted += "\\a"
      case "\u{08}": quoted += "\\b"
      case "\u{0C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0B}": quoted += "\\v"
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
