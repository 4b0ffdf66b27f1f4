/// Something wrong in a file that a person wrote, and where: printed as `file:line:column: message`.
package struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Severity: String, Sendable {
    case error, warning
  }

  package var file: String
  /// Both from 1; a column is a Unicode scalar.
  package var line: Int
  package var column: Int
  /// A sentence: what is wrong and what to do. Never a secret.
  package var message: String
  package var severity: Severity

  package init(
    file: String, line: Int, column: Int, message: String, severity: Severity = .error
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.severity = severity
  }

  package var description: String {
    "\(file):\(line):\(column): \(severity == .warning ? "warning: " : "")\(message)"
  }
}

/// Collects what is wrong in one file, so that all of it is told at once. Belongs to the thread that
/// reads the file.
package final class Diagnostics {
  package let file: String
  private var found: [Diagnostic] = []
  private let isLenient: Bool

  /// - Parameter isLenient: whether what is no error but makes no sense is let through: the file was taken before, by a
  ///   program that may have known less.
  package init(file: String, isLenient: Bool = false) {
    self.file = file
    self.isLenient = isLenient
  }

  /// What was found, in the order of the file.
  package var all: [Diagnostic] {
    found.enumerated().sorted { a, b in
      (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
    }.map(\.element)
  }

  package var hasErrors: Bool { found.contains { $0.severity == .error } }

  package func error(_ message: String, at position: DocumentPosition) {
    add(message, at: position, .error)
  }

  /// What could be run, and cannot be meant: an error, but for what was taken before.
  package func doubt(_ message: String, at position: DocumentPosition) {
    if !isLenient { add(message, at: position, .error) }
  }

  package func warning(_ message: String, at position: DocumentPosition) {
    add(message, at: position, .warning)
  }

  private func add(_ message: String, at position: DocumentPosition, _ severity: Diagnostic.Severity) {
    found.append(
      Diagnostic(
        file: file, line: position.line, column: position.column, message: message, severity: severity))
  }
}
