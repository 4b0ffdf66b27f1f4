/// A string in which `{{ … }}` holds an expression. The end of one is found by reading it, so `}}` inside
/// a string literal ends nothing; what an expression gives is never expanded again.
package struct Template: Sendable {
  package enum Part: Sendable {
    case text(String)
    case expression(Expression)
  }

  /// As written.
  package let source: String
  /// Texts are not empty and no two are neighbours.
  package let parts: [Part]

  package init(parsing source: String) throws(ExpressionError) {
    let bytes = Array(source.utf8)
    var parts: [Part] = []
    var position = 0
    while let open = Self.opening(in: bytes, from: position) {
      if open > position { parts.append(.text(String(decoding: bytes[position..<open], as: UTF8.self))) }
      var parser = try Parser(source, bytes: bytes, at: open + 2)
      let root = try parser.expression()
      let end = parser.token.offset
      guard parser.token.kind == .symbol(.closeBrace), end + 1 < bytes.count,
        bytes[end + 1] == UInt8(ascii: "}")
      else { throw parser.failure("expected \"}}\", found \(parser.token.shown)", at: end) }
      guard end - open <= Expression.maxBytes else {
        throw parser.failure("longer than \(Expression.maxBytes) bytes", at: open)
      }
      parts.append(.expression(Expression(source: source, root: root)))
      position = end + 2
    }
    if position < bytes.count { parts.append(.text(String(decoding: bytes[position...], as: UTF8.self))) }
    self.source = source
    self.parts = parts
  }

  /// The text where there is no expression in it.
  package var literal: String? {
    switch (parts.count, parts.first) {
    case (0, _): ""
    case (1, .text(let text)?): text
    default: nil
    }
  }

  /// The expression where the whole string is one.
  package var expression: Expression? {
    if parts.count == 1, case .expression(let expression)? = parts.first { expression } else { nil }
  }

  package var expressions: [Expression] {
    parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }

  /// What is wrong in its expressions beyond their grammar, as `Expression.problems` has it.
  package var problems: [ExpressionError] { expressions.flatMap(\.problems) }

  /// The value: of its own type where the whole string is one expression, else text. What is missing is
  /// null.
  package func value(in scope: some Scope) throws(ExpressionError) -> Value {
    try valueIfPresent(in: scope) ?? .null
  }

  /// The same, nil where the whole string is one expression and what it asks for is missing.
  package func valueIfPresent(in scope: some Scope) throws(ExpressionError) -> Value? {
    if let expression { return try expression.evaluateIfPresent(in: scope) }
    return .string(try text(in: scope))
  }

  /// The text, each value as `Value.text` writes it; null and what is missing leave nothing.
  package func text(in scope: some Scope) throws(ExpressionError) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .expression(let expression): text += try expression.evaluateIfPresent(in: scope)?.text ?? ""
      }
    }
    return text
  }

  private static func opening(in bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "{"), bytes[position + 1] == UInt8(ascii: "{") { return position }
      position += 1
    }
    return nil
  }
}
