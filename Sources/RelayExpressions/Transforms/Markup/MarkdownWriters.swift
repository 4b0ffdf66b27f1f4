/// Writes Markdown as HTML.
enum HTMLWriter {
  static func write(_ blocks: [MarkdownBlock]) -> String { blocks.map(block).joined(separator: "\n") }

  private static func block(_ block: MarkdownBlock) -> String {
    switch block {
    case .heading(let level, let line): "<h\(level)>\(text(line))</h\(level)>"
    case .paragraph(let lines): "<p>\(lines.map(text).joined(separator: "<br>"))</p>"
    case .bullets(let items): "<ul>\(list(items))</ul>"
    case .numbers(let items): "<ol>\(list(items))</ol>"
    case .quote(let lines): "<blockquote>\(lines.map(text).joined(separator: "<br>"))</blockquote>"
    case .code(let code): "<pre><code>\(Escaping.html(code))</code></pre>"
    }
  }

  private static func list(_ items: [[MarkdownInline]]) -> String {
    items.map { "<li>\(text($0))</li>" }.joined()
  }

  private static func text(_ pieces: [MarkdownInline]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let plain): Escaping.html(plain)
      case .code(let code): "<code>\(Escaping.html(code))</code>"
      case .bold(let inner): "<strong>\(text(inner))</strong>"
      case .italic(let inner): "<em>\(text(inner))</em>"
      case .strike(let inner): "<del>\(text(inner))</del>"
      case .link(let inner, let url): "<a href=\"\(Escaping.html(url))\">\(text(inner))</a>"
      }
    }.joined()
  }
}

/// Writes Markdown as the marks of a chat service, which know no headings and no lists.
struct ChatWriter {
  enum Dialect {
    /// mrkdwn.
    case slack
    /// MarkdownV2.
    case telegram
  }

  let dialect: Dialect

  func write(_ blocks: [MarkdownBlock]) -> String { blocks.map(block).joined(separator: "\n\n") }

  private func block(_ block: MarkdownBlock) -> String {
    switch block {
    case .heading(_, let line): "*\(text(line, within: "*"))*"
    case .paragraph(let lines): lines.map { text($0) }.joined(separator: "\n")
    case .bullets(let items): items.map { "• \(text($0))" }.joined(separator: "\n")
    case .numbers(let items):
      items.enumerated().map { "\($0 + 1)\(escaped(".")) \(text($1))" }.joined(separator: "\n")
    case .quote(let lines):
      lines.map { (dialect == .slack ? "> " : ">") + text($0) }.joined(separator: "\n")
    case .code(let code): "```\n\(escaped(code: code))\n```"
    }
  }

  /// - Parameter outer: the mark that is open already, which does not begin a second time.
  private func text(_ pieces: [MarkdownInline], within outer: String = "") -> String {
    pieces.map { piece in
      switch piece {
      case .text(let plain): escaped(plain)
      case .code(let code): "`\(escaped(code: code))`"
      case .bold(let inner): marked(inner, "*", outer)
      case .italic(let inner): marked(inner, "_", outer)
      case .strike(let inner): marked(inner, "~", outer)
      case .link(let inner, let url): link(text(inner, within: outer), url)
      }
    }.joined()
  }

  private func marked(_ inner: [MarkdownInline], _ mark: String, _ outer: String) -> String {
    outer.contains(mark) ? text(inner, within: outer) : mark + text(inner, within: outer + mark) + mark
  }

  private func link(_ shown: String, _ url: String) -> String {
    switch dialect {
    case .slack: "<\(escaped(url))|\(shown)>"
    case .telegram: "[\(shown)](\(Self.backslashed(url, ")\\")))"
    }
  }

  private func escaped(_ text: String) -> String {
    switch dialect {
    case .slack: Self.entities(text)
    case .telegram: Self.backslashed(text, "_*[]()~`>#+-=|{}.!\\")
    }
  }

  private func escaped(code: String) -> String {
    switch dialect {
    case .slack: Self.entities(code)
    case .telegram: Self.backslashed(code, "`\\")
    }
  }

  private static func entities(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func backslashed(_ text: String, _ marks: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if marks.unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
