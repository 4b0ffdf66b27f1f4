/// Reads CEL's grammar by recursive descent, within bounds on the length and the depth of what it reads.
struct Parser {
  /// How deep an expression may nest, whether it is read or walked.
  static let maxDepth = 100

  private var lexer: Lexer
  private(set) var token: Token
  private var level = 0

  /// - Parameter position: where in `bytes` (the UTF-8 of `source`) the expression begins.
  init(_ source: String, bytes: [UInt8], at position: Int = 0) throws(ExpressionError) {
    lexer = Lexer(source, bytes: bytes, at: position)
    token = try lexer.next()
  }

  /// A whole expression: `a ? b : c` and everything that binds tighter.
  mutating func expression() throws(ExpressionError) -> Node {
    level += 1
    defer { level -= 1 }
    guard level <= Self.maxDepth else { throw tooDeep(token.offset) }
    let condition = try disjunction()
    guard let offset = try take(.question) else { return condition }
    let first = try disjunction()
    try expect(.colon, "\":\" of \"? :\"")
    return try node(.choice(condition, first, try expression()), at: offset)
  }

  private mutating func disjunction() throws(ExpressionError) -> Node {
    let offset = token.offset
    var operands = [try conjunction()]
    while try take(.or) != nil { operands.append(try conjunction()) }
    return operands.count == 1 ? operands[0] : try node(.or(operands), at: offset)
  }

  private mutating func conjunction() throws(ExpressionError) -> Node {
    let offset = token.offset
    var operands = [try relation()]
    while try take(.and) != nil { operands.append(try relation()) }
    return operands.count == 1 ? operands[0] : try node(.and(operands), at: offset)
  }

  private mutating func relation() throws(ExpressionError) -> Node {
    var left = try sum()
    while true {
      let offset = token.offset
      if token.kind == .name("in") {
        try advance()
        left = try node(.contains(element: left, try sum()), at: offset)
      } else if let symbol = try take(
        anyOf: [.equal, .unequal, .lessOrEqual, .greaterOrEqual, .less, .greater])
      {
        left = try node(.binary(symbol, left, try sum()), at: offset)
      } else {
        return left
      }
    }
  }

  private mutating func sum() throws(ExpressionError) -> Node {
    var left = try product()
    while true {
      let offset = token.offset
      guard let symbol = try take(anyOf: [.plus, .minus]) else { return left }
      left = try node(.binary(symbol, left, try product()), at: offset)
    }
  }

  private mutating func product() throws(ExpressionError) -> Node {
    var left = try unary()
    while true {
      let offset = token.offset
      guard let symbol = try take(anyOf: [.times, .divide, .remainder]) else { return left }
      left = try node(.binary(symbol, left, try unary()), at: offset)
    }
  }

  private mutating func unary() throws(ExpressionError) -> Node {
    level += 1
    defer { level -= 1 }
    guard level <= 2 * Self.maxDepth else { throw tooDeep(token.offset) }
    if let offset = try take(.not) { return try node(.not(try unary()), at: offset) }
    guard let offset = try take(.minus) else { return try member() }
    if case .int(let magnitude) = token.kind { return try member(of: try negative(magnitude, at: offset)) }
    return try node(.negate(try unary()), at: offset)
  }

  /// `-9223372036854775808` has no positive counterpart: the sign belongs to the number.
  private mutating func negative(_ magnitude: UInt64, at offset: Int) throws(ExpressionError) -> Node {
    guard magnitude <= UInt64(Int64.max) + 1 else {
      throw failure("a number that does not fit 64 bits", at: offset)
    }
    try advance()
    return try node(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), at: offset)
  }

  private mutating func member() throws(ExpressionError) -> Node { try member(of: try primary()) }

  private mutating func member(of first: Node) throws(ExpressionError) -> Node {
    var node = first
    while true {
      if let offset = try take(.openBracket) {
        let index = try expression()
        try expect(.closeBracket, "\"]\"")
        node = try self.node(.index(node, index), at: offset)
      } else if try take(.dot) != nil {
        node = try selection(from: node)
      } else {
        return node
      }
    }
  }

  private mutating func selection(from target: Node) throws(ExpressionError) -> Node {
    let name = token
    let text: String
    switch name.kind {
    case .name(let word): text = word
    case .quotedName(let word): text = word
    default: throw failure("expected a name after \".\", found \(name.shown)", at: name.offset)
    }
    try advance()
    guard case .name = name.kind, try take(.openParenthesis) != nil else {
      return try node(.member(target, text), at: name.offset)
    }
    if let macro = Node.Fold.Macro(rawValue: text) { return try fold(macro, over: target, at: name.offset) }
    return try node(.call(text, target: target, try arguments()), at: name.offset)
  }

  private mutating func primary() throws(ExpressionError) -> Node {
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
    case .name(let word): return try named(word)
    case .symbol(.openParenthesis):
      try advance()
      let inner = try expression()
      try expect(.closeParenthesis, "\")\"")
      return inner
    case .symbol(.openBracket):
      try advance()
      return try node(.list(try list(until: .closeBracket)), at: first.offset)
    case .symbol(.openBrace): return try map()
    default: throw failure("expected a value, found \(first.shown)", at: first.offset)
    }
  }

  private mutating func named(_ word: String) throws(ExpressionError) -> Node {
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
    guard try take(.openParenthesis) != nil else { return try node(.name(word), at: offset) }
    let arguments = try arguments()
    guard word == "has" else { return try node(.call(word, target: nil, arguments), at: offset) }
    guard arguments.count == 1, case .member(let target, let name) = arguments[0].kind else {
      throw failure("has() takes one path, such as has(event.body.id)", at: offset)
    }
    return try node(.has(target, name), at: offset)
  }

  private mutating func literal(_ value: Value) throws(ExpressionError) -> Node {
    let offset = token.offset
    try advance()
    return try node(.literal(value), at: offset)
  }

  private mutating func map() throws(ExpressionError) -> Node {
    let offset = token.offset
    try advance()
    var entries: [(key: Node, value: Node)] = []
    while try take(.closeBrace) == nil {
      let key = try expression()
      try expect(.colon, "\":\" after a key")
      entries.append((key, try expression()))
      if try take(.comma) == nil {
        try expect(.closeBrace, "\",\" or \"}\"")
        break
      }
    }
    return try node(.map(entries), at: offset)
  }

  private mutating func arguments() throws(ExpressionError) -> [Node] {
    try list(until: .closeParenthesis, allowsTrailingComma: false)
  }

  private mutating func list(until close: Symbol, allowsTrailingComma: Bool = true)
    throws(ExpressionError) -> [Node]
  {
    var nodes: [Node] = []
    if try take(close) != nil { return nodes }
    while true {
      nodes.append(try expression())
      if try take(close) != nil { return nodes }
      try expect(.comma, "\",\" or \"\(close.rawValue)\"")
      if allowsTrailingComma, try take(close) != nil { return nodes }
    }
  }

  /// The macro whose opening parenthesis is taken.
  private mutating func fold(_ macro: Node.Fold.Macro, over range: Node, at offset: Int)
    throws(ExpressionError) -> Node
  {
    let arguments = try arguments()
    let counts = macro == .map ? 2...3 : 2...2
    guard counts.contains(arguments.count), case .name(let variable) = arguments[0].kind else {
      throw failure("\(macro.rawValue)() takes a name and an expression over it", at: offset)
    }
    var fold = Node.Fold(macro: macro, range: range, variable: variable)
    if macro == .map {
      fold.condition = arguments.count == 3 ? arguments[1] : nil
      fold.transform = arguments[arguments.count - 1]
    } else {
      fold.condition = arguments[1]
    }
    return try node(.fold(fold), at: offset)
  }

  private func node(_ kind: Node.Kind, at offset: Int) throws(ExpressionError) -> Node {
    let node = Node(kind, at: offset)
    guard node.depth <= Self.maxDepth else { throw tooDeep(offset) }
    return node
  }

  private func tooDeep(_ offset: Int) -> ExpressionError {
    failure("nested deeper than \(Self.maxDepth) levels", at: offset)
  }

  func failure(_ message: String, at offset: Int) -> ExpressionError {
    lexer.failure(message, at: offset)
  }

  private mutating func advance() throws(ExpressionError) { token = try lexer.next() }

  /// Takes `symbol` if it is next and gives its place.
  private mutating func take(_ symbol: Symbol) throws(ExpressionError) -> Int? {
    guard token.kind == .symbol(symbol) else { return nil }
    let offset = token.offset
    try advance()
    return offset
  }

  private mutating func take(anyOf symbols: [Symbol]) throws(ExpressionError) -> Symbol? {
    guard case .symbol(let symbol) = token.kind, symbols.contains(symbol) else { return nil }
    try advance()
    return symbol
  }

  private mutating func expect(_ symbol: Symbol, _ shown: String) throws(ExpressionError) {
    if try take(symbol) == nil {
      throw failure("expected \(shown), found \(token.shown)", at: token.offset)
    }
  }

  private static let reserved: Set = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
}
