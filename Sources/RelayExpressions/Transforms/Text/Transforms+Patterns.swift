internal import RelayDocuments

extension Transforms {
  /// Rows 9 and 10: regular expressions in RE2's syntax, in bounded time.
  static let patterns: [Transform] = [
    Transform(
      9, "regexReplace",
      "Every match of a pattern replaced; $1 and ${name} are its groups, $$ a dollar sign.",
      [.required("p", .pattern), .required("to", .text)], regexReplace),
    Transform(
      10, "regexExtract", "The first match of a pattern, or a group of it; missing where there is none.",
      [.required("p", .pattern), .optional("group", .integer(0...99), 0)], regexExtract),
  ]

  @Sendable private static func regexReplace(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let pattern = input.pattern(0) else { return nil }
    let scalars = Array(try input.text().unicodeScalars)
    let replacement = Array(input.text(1).unicodeScalars)
    var search = PatternSearch(pattern, scalars)
    var result = BoundedText()
    var copied = 0
    while let match = try search.next(), let whole = match[0] {
      try result.append(text(scalars[copied..<whole.lowerBound]))
      try result.append(expanded(replacement, match, pattern, scalars))
      copied = whole.upperBound
    }
    try result.append(text(scalars[copied...]))
    return .string(result.text)
  }

  @Sendable private static func regexExtract(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let pattern = input.pattern(0) else { return nil }
    let group = input.int(1)
    guard group < pattern.groupCount else { throw TransformError("the pattern has no group \(group)") }
    let scalars = Array(try input.text().unicodeScalars)
    var search = PatternSearch(pattern, scalars)
    return try search.next()?[group].map { .string(text(scalars[$0])) }
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// The replacement with the groups that it names; a group that took no part is the empty text.
  private static func expanded(
    _ replacement: [Unicode.Scalar], _ match: [Range<Int>?], _ pattern: Pattern, _ scalars: [Unicode.Scalar]
  ) throws(TransformError) -> String {
    var result = BoundedText()
    var rest = replacement[...]
    while let first = rest.popFirst() {
      guard first == "$", let next = rest.first else {
        try result.append(String(first))
        continue
      }
      if next == "$" {
        rest.removeFirst()
        try result.append("$")
        continue
      }
      let name = next == "{" ? rest.dropFirst().prefix { $0 != "}" } : rest.prefix(1)
      let word = text(name)
      guard let group = Int(word) ?? pattern.groupNames[word], match.indices.contains(group) else {
        throw TransformError("the pattern has no group of that name; write $$ for a dollar sign")
      }
      rest = rest.dropFirst(next == "{" ? name.count + 2 : 1)
      if let range = match[group] { try result.append(text(scalars[range])) }
    }
    return result.text
  }
}

/// The matches of a pattern in a text, one after the other.
private struct PatternSearch {
  private let pattern: Pattern
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var steps = 0

  private static let limit = 16_000_000

  init(_ pattern: Pattern, _ scalars: [Unicode.Scalar]) {
    self.pattern = pattern
    self.scalars = scalars
  }

  mutating func next() throws(TransformError) -> [Range<Int>?]? {
    guard position <= scalars.count else { return nil }
    // A search costs at least its machine.
    steps += pattern.size
    let match = pattern.firstMatch(in: scalars, from: position, steps: &steps, limit: Self.limit - steps)
    guard steps < Self.limit else { throw TransformError("the pattern takes too long on the text") }
    guard let match, let whole = match[0] else { return nil }
    position = whole.isEmpty ? whole.upperBound + 1 : whole.upperBound
    return match
  }
}
