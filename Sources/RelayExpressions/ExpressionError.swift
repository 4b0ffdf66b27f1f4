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

  package var description: String {
    let shown = source.count > 120 ? source.prefix(117) + "…" : source[...]
    return "\(message) (column \(column) of \"\(shown)\")"
  }
}
