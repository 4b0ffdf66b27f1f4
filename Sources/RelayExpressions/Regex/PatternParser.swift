/// Reads RE2's syntax.
struct PatternParser {
  let scalars: [Unicode.Scalar]
  var position = 0
  private(set) var groupCount = 1
  private(set) var groupNames: [String: Int] = [:]
  var flags = Flags()
  private var depth = 0

  private static let maxDepth = 100
  private static let maxRepetition = 1000

  struct Flags {
    var foldsCase = false
    var isMultiline = false
    var dotTakesAll = false
    var isUngreedy = false
  }

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  mutating func pattern() throws(PatternError) -> PatternNode {
    let node = try alternation()
    guard position == scalars.count else { throw failure("\")\" closes nothing") }
    return node
  }

  private mutating func alternation() throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw failure("groups nest deeper than \(Self.maxDepth)") }
    var alternatives = [try concatenation()]
    while take("|") { alternatives.append(try concatenation()) }
    return alternatives.count == 1 ? alternatives[0] : .alternation(alternatives)
  }

  private mutating func concatenation() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let next = peek(), next != "|", next != ")" {
      if let node = try atom() { nodes.append(try repeated(node)) }
    }
    return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .concatenation(nodes)
  }

  /// Nil for what only sets flags.
  private mutating func atom() throws(PatternError) -> PatternNode? {
    let start = position
    guard let scalar = next() else { return nil }
    switch scalar {
    case "(": return try group()
    case "[": return .set(try characterClass())
    case ".":
      var set = ScalarSet()
      if flags.dotTakesAll { set.insert(0...0x10FFFF) } else { set.insert([0x0A...0x0A], negated: true) }
      set.seal()
      return .set(set)
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "*", "+", "?":
      position = start
      throw failure("\"\(scalar)\" repeats nothing")
    case "\\": return try escape()
    default: return literal(scalar)
    }
  }

  func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    .set(ScalarSet(scalar.value...scalar.value, foldsCase: flags.foldsCase))
  }

  private mutating func escape() throws(PatternError) -> PatternNode {
    guard let letter = peek() else { throw failure("ends with a lone \"\\\"") }
    let assertions: [Unicode.Scalar: Assertion] = [
      "A": .textStart, "z": .textEnd, "b": .wordBoundary, "B": .noWordBoundary,
    ]
    if let assertion = assertions[letter] {
      position += 1
      return .assertion(assertion)
    }
    if letter == "Q" {
      position += 1
      var nodes: [PatternNode] = []
      while let scalar = next() {
        if scalar == "\\", take("E") { break }
        nodes.append(literal(scalar))
      }
      return .concatenation(nodes)
    }
    var set = ScalarSet(foldsCase: flags.foldsCase)
    if try !insertClass(into: &set) {
      let code = try escapedCode()
      set.insert(code...code)
    }
    set.seal()
    return .set(set)
  }

  private mutating func repeated(_ node: PatternNode) throws(PatternError) -> PatternNode {
    let start = position
    guard let (min, max) = try repetition() else { return node }
    let isGreedy = take("?") == flags.isUngreedy
    let result = PatternNode.repetition(node, min: min, max: max, isGreedy: isGreedy)
    let again = position
    guard try repetition() == nil else {
      position = again
      throw failure("a repetition of a repetition: \"\(text(start, again + 1))\"")
    }
    return result
  }

  /// `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; a brace that is none of these is a character.
  private mutating func repetition() throws(PatternError) -> (min: Int, max: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{"), let min = number() else {
      position = start
      return nil
    }
    var max: Int? = min
    if take(",") { max = peek() == "}" ? nil : number() ?? -1 }
    guard take("}"), max != -1 else {
      position = start
      return nil
    }
    guard min <= Self.maxRepetition, max ?? 0 <= Self.maxRepetition else {
      throw failure("a repetition beyond \(Self.maxRepetition)")
    }
    if let max, max < min { throw failure("a repetition whose end comes before its start") }
    return (min, max)
  }

  private mutating func number() -> Int? {
    let start = position
    while let scalar = peek(), ("0"..."9").contains(scalar), position - start < 6 { position += 1 }
    return Int(text(start, position))
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    let outer = flags
    guard take("?") else { return try finishGroup(captures: true, name: nil, outer) }
    if take("P") || peek() == "<" {
      guard take("<") else { throw failure("a group's name is written (?P<name>…)") }
      let start = position
      while let scalar = peek(), scalar != ">" {
        guard scalar.isASCII, UInt8(ascii: scalar).isNamePart else { throw failure("not a group's name") }
        position += 1
      }
      let name = text(start, position)
      guard take(">"), !name.isEmpty else { throw failure("a group's name does not end") }
      guard groupNames[name] == nil else { throw failure("two groups are named \"\(name)\"") }
      return try finishGroup(captures: true, name: name, outer)
    }
    try readFlags()
    if take(")") { return .empty }
    guard take(":") else { throw failure("an unknown kind of group") }
    return try finishGroup(captures: false, name: nil, outer)
  }

  private mutating func readFlags() throws(PatternError) {
    var value = true
    while let scalar = peek(), scalar != ")", scalar != ":" {
      switch scalar {
      case "i": flags.foldsCase = value
      case "m": flags.isMultiline = value
      case "s": flags.dotTakesAll = value
      case "U": flags.isUngreedy = value
      case "-" where value: value = false
      case "=", "!", "<": throw failure("looking around is not in this language")
      default: throw failure("an unknown flag \"\(scalar)\"")
      }
      position += 1
    }
  }

  private mutating func finishGroup(captures: Bool, name: String?, _ outer: Flags) throws(PatternError)
    -> PatternNode
  {
    let number = groupCount
    if captures { groupCount += 1 }
    if let name { groupNames[name] = number }
    let inner = try alternation()
    guard take(")") else { throw failure("a group does not end") }
    flags = outer
    return captures ? .group(inner, number) : inner
  }

  // Reading

  func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek() else { return nil }
    position += 1
    return scalar
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  func text(_ start: Int, _ end: Int) -> String {
    String(String.UnicodeScalarView(scalars[start..<min(end, scalars.count)]))
  }

  func failure(_ message: String) -> PatternError {
    PatternError("the pattern is broken at character \(position + 1): \(message)")
  }
}
