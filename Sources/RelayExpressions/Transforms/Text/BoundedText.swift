/// A text that grows no longer than a transform's result may be.
struct BoundedText {
  private(set) var text = ""

  mutating func append(_ part: some StringProtocol) throws(TransformError) {
    try checkRoom(part.utf8.count)
    text += part
  }

  /// Throws where so many bytes more would be too many.
  func checkRoom(_ bytes: Int) throws(TransformError) {
    guard text.utf8.count + bytes <= Transform.maxResultBytes else {
      throw TransformError("the result is larger than 1 MiB")
    }
  }
}

/// Searches of literal text. A match is one of code points, as in CEL.
enum Literal {
  /// The parts of `text` between occurrences of `separator`: at most `limit`, the last with the rest.
  static func parts(of text: String, between separator: String, limit: Int) -> [Substring] {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var parts: [Substring] = []
    var start = text.utf8.startIndex
    var (offset, startOffset) = (0, 0)
    while parts.count + 1 < limit, offset + wanted.count <= bytes.count {
      guard bytes[offset] == wanted[0], bytes[offset..<offset + wanted.count].elementsEqual(wanted) else {
        offset += 1
        continue
      }
      let end = text.utf8.index(start, offsetBy: offset - startOffset)
      parts.append(text[start..<end])
      start = text.utf8.index(end, offsetBy: wanted.count)
      offset += wanted.count
      startOffset = offset
    }
    return parts + [text[start...]]
  }
}

/// What the length of a text is counted in.
enum LengthUnit: String, CaseIterable {
  /// Extended grapheme clusters: what a reader takes for characters.
  case grapheme
  /// UTF-16 code units, by which many chat services count.
  case utf16
  /// Bytes of UTF-8.
  case byte

  func length(of text: some StringProtocol) -> Int {
    switch self {
    case .grapheme: text.count
    case .utf16: text.utf16.count
    case .byte: text.utf8.count
    }
  }

  /// The text where it is at most so long; else as many of its clusters as leave room for the suffix. A
  /// suffix that is longer than the whole is left out.
  func truncated(_ text: String, to limit: Int, suffix: String) -> String {
    guard length(of: text) > limit else { return text }
    let suffixLength = length(of: suffix)
    let end = suffixLength <= limit ? suffix : ""
    var left = limit - (suffixLength <= limit ? suffixLength : 0)
    var kept = ""
    for character in text {
      left -= length(of: String(character))
      if left < 0 { break }
      kept.append(character)
    }
    return kept + end
  }
}
