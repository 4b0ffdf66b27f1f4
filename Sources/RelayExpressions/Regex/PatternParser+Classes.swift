extension PatternParser {
  /// `[a-z]`, whose bracket is taken.
  mutating func characterClass() throws(PatternError) -> ScalarSet {
    var set = ScalarSet(foldsCase: flags.foldsCase)
    set.isNegated = take("^")
    var isFirst = true
    while let scalar = peek() {
      if scalar == "]", !isFirst {
        position += 1
        set.seal()
        return set
      }
      isFirst = false
      if try takeNamedClass(into: &set) { continue }
      let start = try classCode(into: &set)
      guard let start else { continue }
      guard peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        set.insert(start...start)
        continue
      }
      position += 1
      guard let end = try classCode(into: &set), end >= start else {
        throw failure("a range whose end comes before its start")
      }
      set.insert(start...end)
    }
    throw failure("a class does not end")
  }

  /// One character of a class; nil where it was a class of its own, such as `\d`.
  private mutating func classCode(into set: inout ScalarSet) throws(PatternError) -> UInt32? {
    guard let scalar = next() else { throw failure("a class does not end") }
    guard scalar == "\\" else { return scalar.value }
    return try insertClass(into: &set) ? nil : try escapedCode()
  }

  /// `[:alpha:]` and its like, ASCII only.
  private mutating func takeNamedClass(into set: inout ScalarSet) throws(PatternError) -> Bool {
    guard peek() == "[", position + 1 < scalars.count, scalars[position + 1] == ":" else { return false }
    guard let end = scalars[position...].firstIndex(of: "]"), scalars[end - 1] == ":", end > position + 2
    else {
      return false
    }
    var name = text(position + 2, end - 1)
    let isNegated = name.hasPrefix("^")
    if isNegated { name.removeFirst() }
    guard let ranges = Self.namedClasses[name] else { throw failure("no class \"[:\(name):]\"") }
    set.insert(ranges, negated: isNegated)
    position = end + 1
    return true
  }

  private static let namedClasses: [String: [ClosedRange<UInt32>]] = [
    "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127],
    "blank": [9...9, 32...32], "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126],
    "lower": [97...122], "print": [32...126], "punct": [33...47, 58...64, 91...96, 123...126],
    "space": [9...13, 32...32], "upper": [65...90], "word": [48...57, 65...90, 95...95, 97...122],
    "xdigit": [48...57, 65...70, 97...102],
  ]

  /// `\d`, `\pL` and their like, behind the backslash; false where something else stands there.
  mutating func insertClass(into set: inout ScalarSet) throws(PatternError) -> Bool {
    let digits: [ClosedRange<UInt32>] = [48...57]
    let spaces: [ClosedRange<UInt32>] = [9...10, 12...13, 32...32]
    let word: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122]
    switch peek() {
    case "d": set.insert(digits, negated: false)
    case "D": set.insert(digits, negated: true)
    case "s": set.insert(spaces, negated: false)
    case "S": set.insert(spaces, negated: true)
    case "w": set.insert(word, negated: false)
    case "W": set.insert(word, negated: true)
    case "p", "P":
      try insertCategory(into: &set)
      return true
    default: return false
    }
    position += 1
    return true
  }

  private mutating func insertCategory(into set: inout ScalarSet) throws(PatternError) {
    var isNegated = next() == "P"
    var name: String
    if take("{") {
      let start = position
      while let scalar = peek(), scalar != "}" { position += scalar == "}" ? 0 : 1 }
      name = text(start, position)
      guard take("}") else { throw failure("a category does not end") }
      if name.hasPrefix("^") {
        isNegated.toggle()
        name.removeFirst()
      }
    } else {
      guard let letter = next() else { throw failure("a category does not end") }
      name = String(letter)
    }
    guard let mask = GeneralCategories.mask(name) else {
      throw failure("no category \"\(name)\"; there are the general ones of Unicode, such as L, Lu, Nd, Zs")
    }
    set.insert(categories: mask, negated: isNegated)
  }

  /// The character of an escape, behind the backslash.
  mutating func escapedCode() throws(PatternError) -> UInt32 {
    guard let letter = next() else { throw failure("ends with a lone \"\\\"") }
    switch letter {
    case "a": return 7
    case "f": return 12
    case "t": return 9
    case "n": return 10
    case "r": return 13
    case "v": return 11
    case "x": return try hexadecimal()
    case "0": return octal(0)
    case "1"..."7":
      guard let next = peek(), ("0"..."7").contains(next) else {
        throw failure("what a group has matched cannot be asked for in this language")
      }
      return octal(letter.value - 48)
    default:
      guard letter.value < 128, !UInt8(ascii: letter).isNamePart else {
        position -= 1
        throw failure("no escape \"\\\(letter)\"")
      }
      return letter.value
    }
  }

  private mutating func octal(_ first: UInt32) -> UInt32 {
    var code = first
    for _ in 0..<2 {
      guard let digit = peek(), ("0"..."7").contains(digit) else { break }
      code = code * 8 + digit.value - 48
      position += 1
    }
    return code
  }

  private mutating func hexadecimal() throws(PatternError) -> UInt32 {
    let isBraced = take("{")
    let start = position
    while let digit = peek(), digit.isASCII, UInt8(ascii: digit).isHexDigit,
      position - start < (isBraced ? 6 : 2)
    { position += 1 }
    guard let code = UInt32(text(start, position), radix: 16), Unicode.Scalar(code) != nil,
      isBraced ? take("}") : position - start == 2
    else { throw failure("\\x wants two digits, or up to six in braces") }
    return code
  }
}
