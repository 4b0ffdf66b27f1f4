package import RelayExpressions
internal import RelayModel

/// A URL that may hold expressions. What they give is encoded for its place: a part of the path or the
/// query cannot become more than that, and a part of the host cannot become a path.
package struct URLTemplate: Sendable {
  package let template: Template
  /// Rendered once, where no expression is in it and nothing is wrong with it.
  private let rendered: String?

  package init(_ template: Template) {
    self.template = template
    rendered = template.literal.flatMap(Self.sound)
  }

  /// The URL where no expression is in it.
  package var literal: String? { template.literal }

  /// Scheme, host and port where they are written out, with whatever literal text follows; nil where an
  /// expression has a part in them.
  package var literalOrigin: String? {
    guard case .text(let text)? = template.parts.first, let place = Place(after: text), place > .authority
    else { return literal }
    return text
  }

  /// The URL, without fragment, and whether its host is written out: in the document, or in `vars`.
  package func render(in scope: some Scope) throws(StepError) -> (url: String, hostIsLiteral: Bool) {
    if let rendered { return (rendered, true) }
    var url = ""
    var hostIsLiteral = true
    var hasPathPart = false
    for part in template.parts {
      switch part {
      case .text(let text): url += text
      case .expression(let expression):
        let place = Place(after: url)
        if place == .path { hasPathPart = true }
        if place.map({ $0 <= .authority }) ?? true, !expression.readsOnlyVars { hostIsLiteral = false }
        url += try Self.text(of: expression, at: place, isFirst: url.isEmpty, scope)
      }
    }
    url = Self.withoutFragment(url)
    if let bad = url.utf8.first(where: Self.isBlankOrControl) {
      let shown =
        [0x0D: "a CR", 0x0A: "an LF", 0: "a NUL", 0x20: "a blank"][Int(bad)] ?? "a control character"
      throw StepError(.badURL, "url: holds \(shown)")
    }
    if hasPathPart, Self.hasDotSegment(url) {
      throw StepError(.badURL, "url: an expression made a path with \".\" or \"..\" in it")
    }
    return (url, hostIsLiteral)
  }

  /// The URL that text without expressions stands for; nil where rendering has to say what is wrong with it.
  private static func sound(_ literal: String) -> String? {
    let url = withoutFragment(literal)
    return url.utf8.contains(where: isBlankOrControl) ? nil : url
  }

  private static func withoutFragment(_ url: String) -> String { String(url.prefix { $0 != "#" }) }

  private static func isBlankOrControl(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }

  /// What an expression adds at a place of the URL.
  private static func text(of expression: Expression, at place: Place?, isFirst: Bool, _ scope: some Scope)
    throws(StepError) -> String
  {
    let value = try evaluated { () throws(ExpressionError) in try expression.evaluate(in: scope) }
    switch value.resolved {
    case .list, .map: throw StepError(.badURL, "url: an expression gave a \(value.typeName)")
    case .null where place != .query: throw StepError(.badURL, "url: an expression gave null")
    default: break
    }
    let text = value.text
    switch place {
    case nil where isFirst: return text
    case nil: throw StepError(.badURL, "url: an expression stands within the scheme")
    case .authority:
      guard text.utf8.allSatisfy(Self.isHostByte) else {
        throw StepError(
          .badURL, "url: an expression gave the host more than a name and a port; write the / before it")
      }
      return text
    case .path, .query, .fragment: return PercentEncoding.encode(text)
    }
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || "-._:[]".utf8.contains(byte)
  }

  private static func hasDotSegment(_ url: String) -> Bool {
    let path = url.prefix { $0 != "?" }
    return path.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == "." || $0 == ".." }
  }
}

extension URLTemplate {
  /// The part of a URL that text ends in.
  fileprivate enum Place: Int, Comparable {
    case authority, path, query, fragment

    /// Nil within the scheme.
    init?(after text: String) {
      let bytes = Array(text.utf8)
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
        bytes[(colon + 1)...].starts(with: "//".utf8)
      else { return nil }
      var place = Place.authority
      for byte in bytes[(colon + 3)...] {
        switch byte {
        case UInt8(ascii: "/") where place == .authority: place = .path
        case UInt8(ascii: "?") where place < .query: place = .query
        case UInt8(ascii: "#"): place = .fragment
        default: break
        }
      }
      self = place
    }

    static func < (a: Place, b: Place) -> Bool { a.rawValue < b.rawValue }
  }
}

extension Expression {
  /// Whether the value comes from the configuration alone.
  fileprivate var readsOnlyVars: Bool {
    let roots = references.map { $0.path.first }
    return !roots.isEmpty && roots.allSatisfy { $0 == "vars" }
  }
}
