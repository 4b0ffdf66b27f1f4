/// Where a part of the relay says what an operator should know. Passed in, never global.
///
/// A message is a fixed sentence; what varies stands in fields, so that the lines can be searched.
/// Nobody passes a secret, a signature or a body.
package protocol Log: Sendable {
  /// Any thread. Returns without waiting for a slow reader: a line that cannot be written is dropped
  /// and counted.
  func write(_ level: LogLevel, _ message: String, _ fields: [LogField])
}

package enum LogLevel: String, Sendable, CaseIterable, Comparable {
  case debug, info, warning, error

  package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }
}

/// One thing that varies in a log line.
package struct LogField: Sendable, Hashable {
  package var name: String
  package var value: Value

  package enum Value: Sendable, Hashable {
    case text(String)
    case number(Int64)
  }

  package static func text(_ name: String, _ value: String) -> LogField {
    LogField(name: name, value: .text(value))
  }

  package static func number(_ name: String, _ value: some BinaryInteger) -> LogField {
    LogField(name: name, value: .number(Int64(clamping: value)))
  }
}

extension Log {
  package func info(_ message: String, _ fields: LogField...) { write(.info, message, fields) }
  package func warning(_ message: String, _ fields: LogField...) { write(.warning, message, fields) }
  package func error(_ message: String, _ fields: LogField...) { write(.error, message, fields) }
}

/// Says nothing: for tests, and for commands whose output is their answer.
package struct SilentLog: Log {
  package init() {}
  package func write(_ level: LogLevel, _ message: String, _ fields: [LogField]) {}
}
