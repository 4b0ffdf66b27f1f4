/// Why an expression could not be read or has no value: which expression, where in it, and what was found.
package struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The expression, or the template that holds it, as written.
  package let source: String
  /// From 1, in Unicode scalars of `source`.
  package let column: Int
  /// A sentence without the place. It may show names and kinds of values, never the values.
  package let message: String

  /// - Parameter offset: bytes of `source` before the place.
  init(_ message: String, in source: String, at offset: Int) {
    self.source = source
    self.column = source.utf8.prefix(offset).count { $0 & 0xC0 != 0x80 } + 1
    self.message = message
  }

  init(_ fault: Fault, in source: String) {
    self.init(fault.message, in: source, at: fault.offset)
  }

  /// For people: the message, the line of the expression, and a caret under the place.
  package var illustrated: String {
    var before = 0
    for line in source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if column - 1 <= before + line.count {
        let place = column - 1 - before
        // A window around the place, so that a long line leaves the caret in sight.
        let start = max(0, place - 60)
        let shown = String(String.UnicodeScalarView(line.dropFirst(start).prefix(120)))
        let blanks = line.dropFirst(start).prefix(place - start).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(message)\n  \(shown)\n  \(blanks)^"
      }
      before += line.count + 1
    }
    return message
  }

  package var description: String {
    let shown = source.count > 120 ? source.prefix(117) + "…" : source[...]
    return "\(message) (column \(column) of \"\(shown)\")"
  }
}
