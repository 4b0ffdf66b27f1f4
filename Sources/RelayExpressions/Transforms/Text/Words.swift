/// The words of a text.
enum Words {
  /// The words of an identifier or a phrase: parted at anything but letters and digits, before a capital
  /// after a small letter or a digit (`aA`), and before the last of several capitals that a small letter
  /// follows (`ABc`). Digits stay with the word on their left.
  static func of(_ text: String) -> [String] {
    let characters = Array(text)
    var words: [String] = []
    var word = ""
    for (index, character) in characters.enumerated() {
      guard character.isLetter || character.isNumber else {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      if let previous = word.last, character.isUppercase {
        let next = index + 1 < characters.count ? characters[index + 1] : nil
        let endsAcronym = previous.isUppercase && next?.isLowercase == true
        if previous.isLowercase || previous.isNumber || endsAcronym {
          words.append(word)
          word = ""
        }
      }
      word.append(character)
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Each word with a capital first, together.
  static func pascal(_ words: ArraySlice<String>) -> String {
    words.map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined()
  }

  /// Each run of letters, digits and apostrophes with a capital first and the rest in lower case.
  static func titled(_ text: String) -> String {
    var result = ""
    var isInside = false
    for character in text {
      let belongs = character.isLetter || character.isNumber || character == "'" || character == "’"
      if !belongs {
        result.append(character)
      } else if isInside {
        result += character.lowercased()
      } else {
        result += character.unicodeScalars.first.map { titled($0, character) } ?? ""
      }
      isInside = belongs
    }
    return result
  }

  /// ǆ has a form of its own for the beginning of a word.
  private static func titled(_ first: Unicode.Scalar, _ character: Character) -> String {
    var rest = String.UnicodeScalarView()
    rest.append(contentsOf: character.unicodeScalars.dropFirst())
    return first.properties.titlecaseMapping + String(rest)
  }
}
