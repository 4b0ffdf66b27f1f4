/// A name out of ASCII ranges, which a schema writes as a pattern.
package struct WordForm: DefaultForm {
  /// Ranges as in a pattern's brackets: `a-z0-9_`. A hyphen that means itself stands last.
  private let first: String
  private let rest: String
  private let longest: Int?
  package let complaint: String

  /// - Parameters:
  ///   - longest: of how many characters; nil for any number.
  ///   - complaint: what is said of another string, such as `must be …`.
  package init(first: String, rest: String, longest: Int? = 64, _ complaint: String) {
    self.longest = longest
    self.first = first
    self.rest = rest
    self.complaint = complaint
  }

  package func read(_ written: WrittenValue) -> String? {
    guard let word = TextForm().read(written) else { return nil }
    if accepts(word) { return word }
    written.reject(complaint)
    return nil
  }

  /// Whether `word` is one.
  package func accepts(_ word: String) -> Bool {
    guard let start = word.utf8.first, word.utf8.count <= longest ?? .max else { return false }
    return Self.holds(first, start) && word.utf8.allSatisfy { Self.holds(rest, $0) }
  }

  package func schema(_: inout SchemaDefinitions) -> JSONObject {
    ["type": "string", "pattern": .string(pattern)]
  }

  package func written(_ value: String) -> JSON { .string(value) }

  /// The same rule for a schema.
  package var pattern: String {
    "^[\(first)][\(rest)]\(longest.map { "{0,\($0 - 1)}" } ?? "*")$"
  }

  private static func holds(_ ranges: String, _ byte: UInt8) -> Bool {
    var bytes = Array(ranges.utf8)[...]
    while let low = bytes.popFirst() {
      let isRange = bytes.count > 1 && bytes.first == UInt8(ascii: "-")
      let high = isRange ? bytes[bytes.startIndex + 1] : low
      if (low...high).contains(byte) { return true }
      if isRange { bytes = bytes.dropFirst(2) }
    }
    return false
  }
}
