/// A set of characters: ranges of code points, and general categories of Unicode.
struct ScalarSet: Sendable {
  private var ranges: [ClosedRange<UInt32>] = []
  /// A bit for each general category.
  private var categories: UInt32 = 0
  /// Whether it holds everything else instead.
  var isNegated = false
  /// Whether a character counts as its other case, too.
  var foldsCase: Bool
  /// The answers for ASCII.
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(foldsCase: Bool = false) { self.foldsCase = foldsCase }

  init(_ range: ClosedRange<UInt32>, foldsCase: Bool = false) {
    self.foldsCase = foldsCase
    insert(range)
    seal()
  }

  mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

  mutating func insert(_ ranges: [ClosedRange<UInt32>], negated: Bool) {
    guard negated else { return self.ranges.append(contentsOf: ranges) }
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { insert(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    insert(next...0x10FFFF)
  }

  mutating func insert(categories mask: UInt32, negated: Bool) { categories |= negated ? ~mask : mask }

  /// Orders the ranges and works out the answers for ASCII; to be called when all is in.
  mutating func seal() {
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges {
      if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    ranges = merged
    for code in UInt32(0)..<128 where slowContains(code) {
      if code < 64 { low |= 1 << UInt64(code) } else { high |= 1 << UInt64(code - 64) }
    }
  }

  func contains(_ code: UInt32) -> Bool {
    if code < 64 { return low >> UInt64(code) & 1 == 1 }
    if code < 128 { return high >> UInt64(code - 64) & 1 == 1 }
    return slowContains(code)
  }

  private func slowContains(_ code: UInt32) -> Bool {
    var found = holds(code)
    if !found, foldsCase { found = Self.otherCases(code).contains { holds($0) } }
    return found != isNegated
  }

  private func holds(_ code: UInt32) -> Bool {
    if categories != 0, let scalar = Unicode.Scalar(code),
      categories >> GeneralCategories.bit(scalar.properties.generalCategory) & 1 == 1
    {
      return true
    }
    var from = 0
    var to = ranges.count
    while from < to {
      let middle = (from + to) / 2
      if ranges[middle].upperBound < code { from = middle + 1 } else { to = middle }
    }
    return from < ranges.count && ranges[from].lowerBound <= code
  }

  /// What the character is in the other cases, where that is one character.
  private static func otherCases(_ code: UInt32) -> [UInt32] {
    guard let scalar = Unicode.Scalar(code) else { return [] }
    var cases: [UInt32] = []
    for mapping in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
      let scalars = mapping.unicodeScalars
      guard scalars.count == 1, let other = scalars.first else { continue }
      cases.append(other.value)
      // K is also the sign for Kelvin, whose lower case is k.
      let back = other.properties.lowercaseMapping.unicodeScalars
      if back.count == 1, let third = back.first { cases.append(third.value) }
    }
    return cases
  }
}

/// The general categories that `\p{…}` names.
enum GeneralCategories {
  private static let all: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
    ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
    ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
    ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation),
    ("Pi", .initialPunctuation), ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol),
    ("Sc", .currencySymbol), ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator),
    ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ("Cs", .surrogate), ("Co", .privateUse), ("Cn", .unassigned),
  ]

  private static let bits = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($0.element.category, UInt32($0.offset)) })

  static func bit(_ category: Unicode.GeneralCategory) -> UInt32 { bits[category] ?? 31 }

  /// The bits of `L`, `Lu` and so on; nil for an unknown name.
  static func mask(_ name: String) -> UInt32? {
    if name == "Any" { return .max }
    guard name.count <= 2 else { return nil }
    var mask: UInt32 = 0
    for (index, entry) in all.enumerated() where entry.name.hasPrefix(name) { mask |= 1 << UInt32(index) }
    return mask == 0 ? nil : mask
  }
}
