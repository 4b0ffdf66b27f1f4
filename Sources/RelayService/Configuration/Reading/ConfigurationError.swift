package import RelayDocuments

/// A configuration that cannot be used: refuse it, and keep the one that runs.
package enum ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// The file itself cannot be read.
  case unreadable(LocalFile.Failure)
  /// Everything that is wrong with it, in the order of the file.
  case invalid([Diagnostic])

  /// One line for each thing that is wrong.
  package var description: String {
    switch self {
    case .unreadable(let failure): failure.description
    case .invalid(let diagnostics): diagnostics.map(\.description).joined(separator: "\n")
    }
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unreadable(let failure):
      [Diagnostic(file: failure.path, line: 1, column: 1, message: failure.reason)]
    case .invalid(let diagnostics): diagnostics
    }
  }
}
