/// Reads CEL's grammar by recursive descent, within bounds on the length and the depth of what it reads.
struct Parser {
  /// How deep an expression may nest, whether it is read or walked.
  static let maxDepth = 200

  private(set) var lexer: Lexer
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
    let condition = try chain(.or)
    guard let offset = try take(.question) else { return condition }
    let first = try chain(.or)
    try expect(.colon, "\":\" of \"? :\"")
    return try node(.choice(condition, first, try expression()), at: offset)
  }

  /// Operands of `||`, or of `&&`, which binds tighter.
  private mutating func chain(_ symbol: Symbol) throws(ExpressionError) -> Node {
    let first = try symbol == .or ? chain(.and) : binary(0)
    guard token.kind == .symbol(symbol) else { return first }
    let offset = token.offset
    var operands = [first]
    while try take(symbol) != nil { operands.append(try symbol == .or ? chain(.and) : binary(0)) }
    return try node(symbol == .or ? .or(operands) : .and(operands), at: offset)
  }

  /// Operators of two operands, from the left; a higher `tightness` binds tighter.
  private mutating func binary(_ tightness: Int) throws(ExpressionError) -> Node {
    var left = try unary()
    while let (symbol, found) = operatorHere(), found >= tightness {
      let offset = token.offset
      try advance()
      let right = try binary(found + 1)
      left = try node(symbol.map { .binary($0, left, right) } ?? .contains(element: left, right), at: offset)
    }
    return left
  }

  /// The operator that is next, nil in the first place for `in`.
  private func operatorHere() -> (Symbol?, tightness: Int)? {
    switch token.kind {
    case .name("in"): return (nil, 0)
    case .symbol(let symbol):
      switch symbol {
      case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: return (symbol, 0)
      case .plus, .minus: return (symbol, 1)
      case .times, .divide, .remainder: return (symbol, 2)
      default: return nil
      }
    default: return nil
    }
  }

  private mutating func unary() throws(ExpressionError) -> Node {
    level += 1
    defer { level -= 1 }
    guard level <= 2 * Self.maxDepth else { throw tooDeep(token.offset) }
    if let offset = try take(.not) { return try node(.not(try unary()), at: offset) }
    guard let offset = try take(.minus) else { return try members(of: try primary()) }
    if case .int(let magnitude) = token.kind { return try members(of: try negative(magnitude, at: offset)) }
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

  private mutating func members(of first: Node) throws(ExpressionError) -> Node {
    var node = first
    while true {
      if let offset = try take(.openBracket) {
        let isOptional = try take(.question) != nil
        let index = try expression()
        try expect(.closeBracket, "\"]\"")
        node = try self.node(.index(node, index, isOptional: isOptional), at: offset)
      } else if try take(.dot) != nil {
        node = try selection(from: node)
      } else {
        return node
      }
    }
  }

  private mutating func selection(from target: Node) throws(ExpressionError) -> Node {
    let isOptional = try take(.question) != nil
    let name = token
    let text: String
    switch name.kind {
    case .name(let word), .quotedName(let word): text = word
    default: throw failure("expected a name after \".\", found \(name.shown)", at: name.offset)
    }
    try advance()
    guard case .name = name.kind, !isOptional, try take(.openParenthesis) != nil else {
      return try node(.member(target, text, isOptional: isOptional), at: name.offset)
    }
    return try node(.call(text, target: target, try arguments()), at: name.offset)
  }

  // What the other half of the grammar needs

  mutating func arguments() throws(ExpressionError) -> [Node] {
    var nodes: [Node] = []
    if try take(.closeParenthesis) != nil { return nodes }
    while true {
      nodes.append(try expression())
      if try take(.closeParenthesis) != nil { return nodes }
      try expect(.comma, "\",\" or \")\"")
    }
  }

  func node(_ kind: Node.Kind, at offset: Int) throws(ExpressionError) -> Node {
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

  mutating func advance() throws(ExpressionError) { token = try lexer.next() }

  /// Takes `symbol` if it is next and gives its place.
  mutating func take(_ symbol: Symbol) throws(ExpressionError) -> Int? {
    guard token.kind == .symbol(symbol) else { return nil }
    let offset = token.offset
    try advance()
    return offset
  }

  mutating func expect(_ symbol: Symbol, _ shown: String) throws(ExpressionError) {
    if try take(symbol) == nil {
      throw failure("expected \(shown), found \(token.shown)", at: token.offset)
    }
  }
}
