extension Parser {
  /// A literal, a name, a call, a list, a map, or an expression in parentheses.
  mutating func primary() throws(ExpressionError) -> Node {
    let first = token
    switch first.kind {
    case .int(let magnitude):
      guard let value = Int64(exactly: magnitude) else {
        throw failure("a number that does not fit 64 bits", at: first.offset)
      }
      return try literal(.int(value))
    case .uint(let value): return try literal(.uint(value))
    case .double(let value): return try literal(.double(value))
    case .string(let value): return try literal(.string(value))
    case .bytes(let value): return try literal(.bytes(value))
    case .name(let word): return try named(word, isGlobal: false)
    case .symbol(.dot):
      try advance()
      guard case .name(let word) = token.kind else {
        throw failure("expected a name after \".\", found \(token.shown)", at: token.offset)
      }
      return try named(word, isGlobal: true)
    case .symbol(.openParenthesis):
      try advance()
      let inner = try expression()
      try expect(.closeParenthesis, "\")\"")
      return inner
    case .symbol(.openBracket): return try list()
    case .symbol(.openBrace): return try map()
    default: throw failure("expected a value, found \(first.shown)", at: first.offset)
    }
  }

  private mutating func literal(_ value: Value) throws(ExpressionError) -> Node {
    let offset = token.offset
    try advance()
    return try node(.literal(value), at: offset)
  }

  private mutating func named(_ word: String, isGlobal: Bool) throws(ExpressionError) -> Node {
    let offset = token.offset
    switch word {
    case "true": return try literal(.bool(true))
    case "false": return try literal(.bool(false))
    case "null": return try literal(.null)
    case _ where Self.reserved.contains(word):
      throw failure("\"\(word)\" is a reserved word", at: offset)
    default: break
    }
    try advance()
    guard try take(.openParenthesis) != nil else {
      return try node(.name(word, isGlobal: isGlobal), at: offset)
    }
    return try node(.call(word, target: nil, try arguments()), at: offset)
  }

  private mutating func list() throws(ExpressionError) -> Node {
    let offset = token.offset
    try advance()
    var elements: [Node.Element] = []
    while try take(.closeBracket) == nil {
      let isOptional = try take(.question) != nil
      elements.append(Node.Element(node: try expression(), isOptional: isOptional))
      if try take(.comma) == nil {
        try expect(.closeBracket, "\",\" or \"]\"")
        break
      }
    }
    return try node(.list(elements), at: offset)
  }

  private mutating func map() throws(ExpressionError) -> Node {
    let offset = token.offset
    try advance()
    var entries: [Node.Entry] = []
    while try take(.closeBrace) == nil {
      let isOptional = try take(.question) != nil
      let key = try expression()
      try expect(.colon, "\":\" after a key")
      entries.append(Node.Entry(key: key, value: try expression(), isOptional: isOptional))
      if try take(.comma) == nil {
        try expect(.closeBrace, "\",\" or \"}\"")
        break
      }
    }
    return try node(.map(entries), at: offset)
  }

  private static let reserved: Set = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
}
