@_spi(_Unicode) internal import Swift

/// A text as a part of a URL's path.
enum Slug {
  /// Letters and digits of any script after compatibility decomposition, without marks, in lower case; a
  /// hyphen for each run of anything else; cut to `max` clusters, never with a hyphen at an end.
  static func of(_ text: String, max: Int) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text._nfd {
      for part in Compatibility.decomposed(scalar) where !isMark(part) { plain.append(part) }
    }
    var slug = ""
    var isBetween = false
    for character in composed(String(plain).lowercased()) {
      guard character.isLetter || character.isNumber else {
        isBetween = !slug.isEmpty
        continue
      }
      if isBetween { slug.append("-") }
      isBetween = false
      slug.append(character)
    }
    var cut = slug.prefix(max)
    while cut.last == "-" { cut.removeLast() }
    return String(cut)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Syllables of Hangul are one again.
  private static func composed(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text._nfc)
    return String(scalars)
  }
}

/// Compatibility decompositions (Unicode's NFKD beyond NFD) of what is met in titles: ligatures, full
/// width forms, raised and lowered digits, circled and Roman numbers, fractions.
enum Compatibility {
  static func decomposed(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    if (0xFF01...0xFF5E).contains(scalar.value), let plain = Unicode.Scalar(scalar.value - 0xFEE0) {
      result.append(plain)
    } else if let plain = table[scalar] {
      result.append(contentsOf: plain.unicodeScalars)
    } else {
      result.append(scalar)
    }
    return result
  }

  private static let table: [Unicode.Scalar: String] = [
    "ª": "a", "º": "o", "²": "2", "³": "3", "¹": "1", "¼": "1/4", "½": "1/2", "¾": "3/4", "ĳ": "ij",
    "Ĳ": "IJ",
    "ŀ": "l·", "Ŀ": "L·", "ŉ": "'n", "ſ": "s", "ǆ": "dž", "ǅ": "Dž", "Ǆ": "DŽ", "ǉ": "lj", "ǈ": "Lj",
    "Ǉ": "LJ",
    "ǌ": "nj", "ǋ": "Nj", "Ǌ": "NJ", "ǳ": "dz", "ǲ": "Dz", "Ǳ": "DZ", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "⁰": "0", "ⁱ": "i", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "ⁿ": "n", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7",
    "₈": "8",
    "₉": "9", "℃": "°C", "℉": "°F", "№": "No", "™": "TM", "℠": "SM", "ℓ": "l", "①": "1", "②": "2", "③": "3",
    "④": "4", "⑤": "5", "⑥": "6", "⑦": "7", "⑧": "8", "⑨": "9", "⑩": "10", "Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III",
    "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI", "Ⅶ": "VII", "Ⅷ": "VIII", "Ⅸ": "IX", "Ⅹ": "X",
  ]
}
