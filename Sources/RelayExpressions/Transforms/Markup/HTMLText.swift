/// The text of an HTML document, for places that show no marks.
enum HTMLText {
  /// Tags and comments are dropped, scripts and styles with what is in them; `<br>` is a line's end, and so
  /// is the beginning or end of a paragraph between texts. Entities are decoded once.
  static func of(_ html: String) -> String {
    var scanner = HTMLScanner(bytes: Array(html.utf8))
    return scanner.text()
  }
}

private struct HTMLScanner {
  let bytes: [UInt8]
  private var position = 0
  private var result: [UInt8] = []
  /// A paragraph began or ended: a line's end where text follows.
  private var isBroken = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func text() -> String {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "<"), let next = peek(1), Self.opensTag(next) {
        if has("<!--") { skip(past: "-->") } else { tag() }
      } else if bytes[position] == UInt8(ascii: "&"),
        let (decoded, length) = HTMLEntities.read(bytes[position...])
      {
        append(decoded.utf8)
        position += length
      } else {
        append(CollectionOfOne(bytes[position]))
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func append(_ text: some Collection<UInt8>) {
    if isBroken, !result.isEmpty, result.last != UInt8(ascii: "\n"), text.first != UInt8(ascii: "\n") {
      result.append(UInt8(ascii: "\n"))
    }
    isBroken = false
    result.append(contentsOf: text)
  }

  private mutating func tag() {
    position += 1
    let isEnd = bytes[position] == UInt8(ascii: "/")
    if isEnd { position += 1 }
    let start = position
    while position < bytes.count,
      (97...122).contains(bytes[position] | 0x20) || (48...57).contains(bytes[position])
    {
      position += 1
    }
    let name = String(decoding: bytes[start..<position].map { $0 | 0x20 }, as: UTF8.self)
    skipAttributes()
    switch name {
    case "br": append(CollectionOfOne(UInt8(ascii: "\n")))
    case "p": isBroken = true
    case "script", "style":
      if !isEnd {
        skip(past: "</\(name)")
        skipAttributes()
      }
    default: break
    }
  }

  /// To behind the `>` that ends the tag, not one within quotes.
  private mutating func skipAttributes() {
    var quote: UInt8?
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        return
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
  }

  private mutating func skip(past text: String) {
    while position < bytes.count, !has(text) { position += 1 }
    position = min(position + text.utf8.count, bytes.count)
  }

  private func has(_ text: String) -> Bool {
    let end = position + text.utf8.count
    return end <= bytes.count
      && zip(bytes[position..<end], text.utf8).allSatisfy { $0 == $1 || ($1 >= 97 && $0 | 0x20 == $1) }
  }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private static func opensTag(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20)
      || [UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "?")].contains(byte)
  }
}

/// Character references of HTML.
enum HTMLEntities {
  /// The text of the reference that begins at an ampersand, and its length in bytes; nil for none.
  static func read(_ bytes: ArraySlice<UInt8>) -> (text: String, length: Int)? {
    guard let end = bytes.prefix(34).firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
    guard let text = name.hasPrefix("#") ? number(name.dropFirst()) : named[name] else { return nil }
    return (text, end - bytes.startIndex + 1)
  }

  private static func number(_ digits: Substring) -> String? {
    let isHex = digits.first == "x" || digits.first == "X"
    let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let value else { return nil }
    // Zero, surrogates and what lies beyond Unicode are shown as HTML shows them.
    return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value).map { String($0) } ?? "\u{FFFD}"
  }

  private static let named: [String: String] = {
    var names = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "ndash": "–", "mdash": "—", "lsquo": "‘",
      "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "hellip": "…", "bull": "•",
      "dagger": "†", "Dagger": "‡", "permil": "‰", "prime": "′", "Prime": "″", "lsaquo": "‹", "rsaquo": "›",
      "euro": "€", "trade": "™", "larr": "←", "uarr": "↑", "rarr": "→", "darr": "↓", "harr": "↔",
      "minus": "−",
      "infin": "∞", "ne": "≠", "le": "≤", "ge": "≥", "asymp": "≈", "sum": "∑", "radic": "√", "OElig": "Œ",
      "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ", "fnof": "ƒ", "circ": "ˆ", "tilde": "˜",
      "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}", "zwnj": "\u{200C}", "zwj": "\u{200D}",
      "check": "✓", "hearts": "♥",
    ]
    for (place, name) in latin.split(separator: " ").enumerated() {
      names[String(name)] = Unicode.Scalar(0xA0 + UInt32(place)).map { String($0) }
    }
    return names
  }()

  /// The names of U+00A0 to U+00FF, in their order.
  private static let latin = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
    micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
    Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
    Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml
    """
}
