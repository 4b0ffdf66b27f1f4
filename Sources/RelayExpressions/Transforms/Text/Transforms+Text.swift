internal import RelayDocuments

extension Transforms {
  /// Rows 1 to 16: text.
  static let text: [Transform] = [
    Transform(
      1, "trim", "Without white space, or the characters given, at both ends.",
      [.optional("chars", .nonEmptyText)], trim),
    Transform(2, "lower", "In lower case, the same everywhere.", lower),
    Transform(3, "upper", "In upper case, the same everywhere; ß becomes SS.", upper),
    Transform(4, "capitalize", "The first character in upper case, the rest as it is.", capitalize),
    Transform(5, "title", "Each word with a capital first letter and the rest in lower case.", title),
    Transform(
      6, "case", "As an identifier: words joined in one of the usual ways.",
      [.required("kind", .choice(["snake", "kebab", "camel", "pascal"]))], changeCase),
    Transform(
      7, "slug", "For a path of a URL: letters and digits in lower case, hyphens between.",
      [.optional("max", .integer(1...1000), 80)], slug),
    Transform(
      8, "replace", "Every literal occurrence of a text replaced.",
      [.required("from", .nonEmptyText), .required("to", .text)], replace),
    Transform(
      11, "split", "The parts between separators.",
      [.required("sep", .nonEmptyText), .optional("limit", .integer(1...100_000))], split),
    Transform(12, "join", "The elements of a list as one text.", [.required("sep", .text)], join),
    Transform(
      13, "substring", "A part by its place, counted in grapheme clusters.",
      [.required("start", .integer(-1_000_000...1_000_000)), .optional("len", .integer(0...1_000_000))],
      substring),
    Transform(
      14, "truncate", "At most n long, the suffix included; never cuts through a cluster.",
      [
        .required("n", .integer(0...1_000_000)), .optional("suffix", .text, "…"),
        .optional("unit", .choice(LengthUnit.allCases.map(\.rawValue)), "grapheme"),
      ], truncate),
    Transform(
      15, "padStart", "Filled up at the start to n clusters.",
      [.required("n", .integer(0...1_000_000)), .optional("ch", .character, " ")], padStart),
    Transform(
      15, "padEnd", "Filled up at the end to n clusters.",
      [.required("n", .integer(0...1_000_000)), .optional("ch", .character, " ")], padEnd),
    Transform(
      16, "concat", "The value and the texts given, one after the other.", [.many("texts", .any)],
      seesMissing: true, concat),
  ]

  @Sendable private static func trim(_ input: TransformInput) throws(TransformError) -> JSON? {
    let scalars = try input.text().unicodeScalars
    let given = input.argument(0)?.string.map { Set($0.unicodeScalars) }
    let isCut = { (scalar: Unicode.Scalar) in given?.contains(scalar) ?? scalar.properties.isWhitespace }
    guard let start = scalars.firstIndex(where: { !isCut($0) }),
      let end = scalars.lastIndex(where: { !isCut($0) })
    else { return "" }
    return .string(String(scalars[start...end]))
  }

  @Sendable private static func lower(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string(try input.text().lowercased())
  }

  @Sendable private static func upper(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string(try input.text().uppercased())
  }

  @Sendable private static func capitalize(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text()
    return .string(text.prefix(1).uppercased() + text.dropFirst())
  }

  @Sendable private static func title(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string(Words.titled(try input.text()))
  }

  @Sendable private static func changeCase(_ input: TransformInput) throws(TransformError) -> JSON? {
    let words = Words.of(try input.text())
    switch input.text(0) {
    case "snake": return .string(words.map { $0.lowercased() }.joined(separator: "_"))
    case "kebab": return .string(words.map { $0.lowercased() }.joined(separator: "-"))
    case "camel":
      return .string(
        ((words.first?.lowercased()).map { [$0] } ?? []).joined() + Words.pascal(words.dropFirst()))
    default: return .string(Words.pascal(words[...]))
    }
  }

  @Sendable private static func slug(_ input: TransformInput) throws(TransformError) -> JSON? {
    let slug = Slug.of(try input.text(), max: input.int(0))
    guard !slug.isEmpty else { throw TransformError("nothing is left of the text") }
    return .string(slug)
  }

  @Sendable private static func replace(_ input: TransformInput) throws(TransformError) -> JSON? {
    var result = BoundedText()
    var isFirst = true
    for part in Literal.parts(of: try input.text(), between: input.text(0), limit: .max) {
      if !isFirst { try result.append(input.text(1)) }
      isFirst = false
      try result.append(part)
    }
    return .string(result.text)
  }

  @Sendable private static func split(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text()
    guard !text.isEmpty else { return [] }
    let limit = input.has(1) ? input.int(1) : Int.max
    return .array(Literal.parts(of: text, between: input.text(0), limit: limit).map { .string(String($0)) })
  }

  @Sendable private static func join(_ input: TransformInput) throws(TransformError) -> JSON? {
    var result = BoundedText()
    var isFirst = true
    for (index, element) in try input.list().enumerated() where element != .null {
      guard let text = element.scalarText else {
        throw TransformError("element \(index) is \(element.kindName)")
      }
      if !isFirst { try result.append(input.text(0)) }
      isFirst = false
      try result.append(text)
    }
    return .string(result.text)
  }

  @Sendable private static func substring(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text()
    let start = input.int(0)
    let rest = start < 0 ? text.suffix(-start) : text.dropFirst(start)
    return .string(String(input.has(1) ? rest.prefix(input.int(1)) : rest))
  }

  @Sendable private static func truncate(_ input: TransformInput) throws(TransformError) -> JSON? {
    let unit = LengthUnit(rawValue: input.text(2)) ?? .grapheme
    return .string(unit.truncated(try input.text(), to: input.int(0), suffix: input.text(1)))
  }

  @Sendable private static func padStart(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text()
    return .string(try padding(input, text.count) + text)
  }

  @Sendable private static func padEnd(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try input.text()
    return .string(text + (try padding(input, text.count)))
  }

  private static func padding(_ input: TransformInput, _ count: Int) throws(TransformError) -> String {
    let missing = max(0, input.int(0) - count)
    let padding = BoundedText()
    try padding.checkRoom(missing.multipliedReportingOverflow(by: input.text(1).utf8.count).partialValue)
    return String(repeating: input.text(1), count: missing)
  }

  @Sendable private static func concat(_ input: TransformInput) throws(TransformError) -> JSON? {
    var result = BoundedText()
    for part in [input.value ?? .null] + input.rest(from: 0) {
      switch part {
      case .null: break
      case .string(let text): try result.append(text)
      case .bool, .number, .array, .object: throw TransformError("wants strings, not \(part.kindName)")
      }
    }
    return .string(result.text)
  }
}

extension Transform {
  init(
    _ row: Int, _ name: String, _ summary: String, _ function: @escaping Function
  ) {
    self.init(row, name, summary, [], function)
  }
}
