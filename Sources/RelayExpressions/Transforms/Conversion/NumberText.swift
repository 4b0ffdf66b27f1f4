/// How people write numbers in places of the world.
struct NumberFormat: Hashable, Sendable {
  let group: Set<Character>
  let decimal: Character

  static let names = ["en", "de", "fr", "ch"]

  init?(named name: String) {
    switch name {
    case "en": self.init(group: [","], decimal: ".")
    case "de": self.init(group: ["."], decimal: ",")
    case "fr": self.init(group: [" ", "\u{A0}", "\u{202F}"], decimal: ",")
    case "ch": self.init(group: ["'", "’"], decimal: ".")
    default: return nil
    }
  }

  private init(group: Set<Character>, decimal: Character) {
    self.group = group
    self.decimal = decimal
  }
}

/// Reads numbers that people wrote.
enum NumberText {
  /// White space around it is no matter; signs, digits, a point and an exponent are a number; separators of
  /// groups only where a format has them, and then after every three digits.
  static func read(_ text: String, _ format: NumberFormat?) throws(TransformError) -> Decimal {
    let trimmed = text.trimmed
    guard let plain = format.map({ plain(trimmed, $0) }) ?? trimmed, isNumber(plain) else {
      throw TransformError(trimmed.isEmpty ? "an empty text is no number" : "the text is no number")
    }
    guard let decimal = Decimal(text: plain) else {
      throw TransformError("the number has more than 36 digits")
    }
    return decimal
  }

  private static func plain(_ text: String, _ format: NumberFormat) -> String? {
    let parts = text.split(separator: format.decimal, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { return nil }
    let sign = parts[0].prefix { $0 == "-" || $0 == "+" }
    let groups = parts[0].dropFirst(sign.count).split(omittingEmptySubsequences: false) {
      format.group.contains($0)
    }
    let isGrouped = groups.count > 1
    guard !isGrouped || ((1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 })
    else { return nil }
    return sign + groups.joined() + (parts.count == 2 ? "." + parts[1] : "")
  }

  /// `-1`, `+1.5`, `.5`, `1e3`.
  private static func isNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let whole = digits(&rest)
    var fraction = 0
    if rest.first == "." {
      rest.removeFirst()
      fraction = digits(&rest)
      guard fraction > 0 else { return false }
    }
    guard whole + fraction > 0 else { return false }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      guard (1...4).contains(digits(&rest)) else { return false }
    }
    return rest.isEmpty
  }

  private static func digits(_ rest: inout Substring) -> Int {
    let run = rest.prefix { ("0"..."9").contains($0) }
    rest = rest.dropFirst(run.count)
    return run.count
  }
}

extension String {
  /// Without Unicode white space at both ends.
  var trimmed: String {
    let scalars = unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[start...end])
  }
}
