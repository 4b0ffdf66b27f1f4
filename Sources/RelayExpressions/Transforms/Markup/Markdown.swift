/// A piece of a line of Markdown.
indirect enum MarkdownInline: Hashable {
  case text(String)
  case code(String)
  case bold([MarkdownInline])
  case italic([MarkdownInline])
  case strike([MarkdownInline])
  case link([MarkdownInline], url: String)
}

/// Lines of Markdown that belong together.
enum MarkdownBlock: Hashable {
  case heading(level: Int, [MarkdownInline])
  /// Its lines.
  case paragraph([[MarkdownInline]])
  case bullets([[MarkdownInline]])
  case numbers([[MarkdownInline]])
  case quote([[MarkdownInline]])
  case code(String)
}

/// Reads the part of Markdown that messages are written in: headings, paragraphs, lists of one level,
/// quotes, code, emphasis and links. HTML in it is text.
struct MarkdownBlocks {
  static func of(_ text: String) -> [MarkdownBlock] {
    var reader = MarkdownBlocks()
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      reader.take(line)
    }
    if let code = reader.code { reader.blocks.append(.code(code.joined(separator: "\n"))) }
    reader.close()
    return reader.blocks
  }

  private enum Group { case paragraph, bullets, numbers, quote }

  private var blocks: [MarkdownBlock] = []
  /// The lines of the code block that is open.
  private var code: [Substring]?
  private var group: Group?
  private var lines: [[MarkdownInline]] = []

  private mutating func take(_ line: Substring) {
    if line.hasPrefix("```") {
      close()
      if let code { blocks.append(.code(code.joined(separator: "\n"))) }
      code = code == nil ? [] : nil
    } else if code != nil {
      code?.append(line)
    } else {
      takeText(line.drop { $0 == " " })
    }
  }

  private mutating func takeText(_ line: Substring) {
    if line.isEmpty {
      close()
    } else if let (level, title) = Self.heading(line) {
      close()
      blocks.append(.heading(level: level, MarkdownLine.of(title)))
    } else if let item = Self.after(line, ["- ", "* ", "+ "]) {
      add(item, to: .bullets)
    } else if let item = Self.numbered(line) {
      add(item, to: .numbers)
    } else if let quoted = Self.after(line, ["> ", ">"]) {
      add(quoted, to: .quote)
    } else {
      add(line, to: .paragraph)
    }
  }

  private mutating func add(_ line: Substring, to wanted: Group) {
    if group != wanted { close() }
    group = wanted
    lines.append(MarkdownLine.of(line))
  }

  private mutating func close() {
    switch group {
    case .paragraph: blocks.append(.paragraph(lines))
    case .bullets: blocks.append(.bullets(lines))
    case .numbers: blocks.append(.numbers(lines))
    case .quote: blocks.append(.quote(lines))
    case nil: break
    }
    group = nil
    lines = []
  }

  private static func heading(_ line: Substring) -> (level: Int, title: Substring)? {
    let marks = line.prefix { $0 == "#" }
    guard (1...6).contains(marks.count), line.dropFirst(marks.count).first == " " else { return nil }
    return (marks.count, line.dropFirst(marks.count + 1))
  }

  private static func after(_ line: Substring, _ marks: [String]) -> Substring? {
    marks.first { line.hasPrefix($0) }.map { line.dropFirst($0.count) }
  }

  private static func numbered(_ line: Substring) -> Substring? {
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    return (1...9).contains(digits.count) && rest.hasPrefix(". ") ? rest.dropFirst(2) : nil
  }
}

/// Reads one line: marks that are not closed stand for themselves. Time is linear in the line.
struct MarkdownLine {
  private let characters: [Character]
  private var position = 0
  /// What is open, the outermost first, with what came since.
  private var open: [(mark: String, pieces: [MarkdownInline])] = [("", [])]
  private var text = ""

  /// Marks open at a time; one more is text.
  private static let maxDepth = 16
  private static let maxURLLength = 2048

  static func of(_ line: Substring) -> [MarkdownInline] {
    var reader = MarkdownLine(line)
    return reader.pieces()
  }

  private init(_ line: Substring) { characters = Array(line) }

  private mutating func pieces() -> [MarkdownInline] {
    while position < characters.count { step() }
    flush()
    while open.count > 1 { unmark() }
    return open[0].pieces
  }

  private mutating func step() {
    let character = characters[position]
    switch character {
    case "\\":
      position += 1
      if position < characters.count { take() } else { text.append("\\") }
    case "`": code()
    case "*", "_", "~": emphasis(character)
    case "[": begin("[", length: 1)
    case "]": link()
    default: take()
    }
  }

  private mutating func take() {
    text.append(characters[position])
    position += 1
  }

  private mutating func flush() {
    if !text.isEmpty { open[open.count - 1].pieces.append(.text(text)) }
    text = ""
  }

  private mutating func code() {
    guard let end = characters[(position + 1)...].prefix(Self.maxURLLength).firstIndex(of: "`") else {
      return take()
    }
    flush()
    open[open.count - 1].pieces.append(.code(String(characters[(position + 1)..<end])))
    position = end + 1
  }

  private mutating func emphasis(_ character: Character) {
    let isDouble = position + 1 < characters.count && characters[position + 1] == character
    guard isDouble || character != "~" else { return take() }
    let mark = String(repeating: character, count: isDouble ? 2 : 1)
    let before = position > 0 ? characters[position - 1] : " "
    let after = position + mark.count < characters.count ? characters[position + mark.count] : " "
    let isWithinWord =
      character == "_" && (before.isLetter || before.isNumber) && (after.isLetter || after.isNumber)
    if !before.isWhitespace, !isWithinWord, let place = open.lastIndex(where: { $0.mark == mark }) {
      flush()
      while open.count > place + 1 { unmark() }
      let pieces = open.removeLast().pieces
      open[open.count - 1].pieces.append(
        character == "~" ? .strike(pieces) : isDouble ? .bold(pieces) : .italic(pieces))
      position += mark.count
    } else if !after.isWhitespace, !isWithinWord {
      begin(mark, length: mark.count)
    } else {
      text += mark
      position += mark.count
    }
  }

  private mutating func begin(_ mark: String, length: Int) {
    position += length
    guard open.count <= Self.maxDepth else {
      text += mark
      return
    }
    flush()
    open.append((mark, []))
  }

  /// The innermost mark stands for itself.
  private mutating func unmark() {
    let frame = open.removeLast()
    open[open.count - 1].pieces.append(.text(frame.mark))
    open[open.count - 1].pieces.append(contentsOf: frame.pieces)
  }

  private mutating func link() {
    let rest = characters[(position + 1)...]
    guard let place = open.lastIndex(where: { $0.mark == "[" }), rest.first == "(",
      let end = rest.prefix(Self.maxURLLength).firstIndex(of: ")")
    else { return take() }
    flush()
    while open.count > place + 1 { unmark() }
    let pieces = open.removeLast().pieces
    let url = String(characters[(position + 2)..<end])
    open[open.count - 1].pieces.append(contentsOf: Self.isSafe(url) ? [.link(pieces, url: url)] : pieces)
    position = end + 1
  }

  /// Not `javascript:` and its like: such a link is only its text.
  private static func isSafe(_ url: String) -> Bool {
    guard !url.isEmpty, !url.contains(where: { $0.isWhitespace || $0 == "<" || $0 == ">" || $0 == "|" })
    else {
      return false
    }
    let scheme = url.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
    guard url.dropFirst(scheme.count).first == ":" else { return true }
    return ["http", "https", "mailto", "tel"].contains(scheme.lowercased())
  }
}
