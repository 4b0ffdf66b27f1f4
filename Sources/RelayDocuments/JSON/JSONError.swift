/// Why a text is no JSON (RFC 8259) document, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes before the place.
  package let offset: Int
  /// The line and the column of the place, both from 1; a column is a Unicode scalar.
  package let line: Int
  package let column: Int
  /// A sentence without the place.
  package let message: String

  init(_ message: String, at offset: Int, in bytes: Span<UInt8>) {
    var line = 1
    var column = 1
    for index in 0..<min(offset, bytes.count) {
      if bytes[index] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.offset = offset
    self.line = line
    self.column = column
    self.message = message
  }

  package var description: String { "line \(line), column \(column): \(message)" }
}
