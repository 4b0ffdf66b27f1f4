/// A token of CEL.
struct Token {
  enum Kind: Equatable {
    case end
    case name(String)
    /// A name in backquotes, which may stand after a dot only.
    case quotedName(String)
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case symbol(Symbol)
  }

  var kind: Kind
  /// Bytes of the source before it.
  var offset: Int

  /// For messages: what was found.
  var shown: String {
    switch kind {
    case .end: "the end"
    case .name(let name), .quotedName(let name): "\"\(name)\""
    case .int, .uint, .double: "a number"
    case .string: "a string"
    case .bytes: "bytes"
    case .symbol(let symbol): "\"\(symbol.rawValue)\""
    }
  }
}

enum Symbol: String, CaseIterable {
  case and = "&&"
  case or = "||"
  case equal = "=="
  case unequal = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case less = "<"
  case greater = ">"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case remainder = "%"
  case not = "!"
  case question = "?"
  case colon = ":"
  case dot = "."
  case comma = ","
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
}
