internal import Glibc
package import RelayModel
internal import Synchronization

/// Writes a line an event to a descriptor: text where it is a terminal, JSON otherwise.
///
/// Control characters are escaped in both forms, so that no request can forge a line. A reader that
/// does not keep up costs lines, never time: the descriptor's refusals are counted, and the next line
/// that gets through says how many are missing.
package final class LineLog: Log {
  package enum Form: Sendable { case text, json }

  private let descriptor: Int32
  private let form: Form
  private let threshold: LogLevel
  private let time: any TimeSource
  private let dropped = Atomic<Int>(0)

  /// - Parameter form: nil chooses by whether `descriptor` is a terminal.
  package init(
    descriptor: Int32, form: Form? = nil, threshold: LogLevel = .info, time: any TimeSource
  ) {
    self.descriptor = descriptor
    self.form = form ?? (isatty(descriptor) == 1 ? .text : .json)
    self.threshold = threshold
    self.time = time
  }

  package func write(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
    guard level >= threshold else { return }
    let missing = dropped.exchange(0, ordering: .relaxed)
    let all = missing == 0 ? fields : fields + [.number("lines_dropped", missing)]
    let line = render(level, message, all)
    if !deliver(line) { dropped.add(missing + 1, ordering: .relaxed) }
  }

  private func deliver(_ line: [UInt8]) -> Bool {
    let written = unsafe line.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    return written == line.count
  }

  private func render(_ level: LogLevel, _ message: String, _ fields: [LogField]) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(160)
    switch form {
    case .json: renderJSON(level, message, fields, into: &line)
    case .text: renderText(level, message, fields, into: &line)
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private func renderJSON(
    _ level: LogLevel, _ message: String, _ fields: [LogField], into line: inout [UInt8]
  ) {
    line.append(
      contentsOf: "{\"time\":\"\(time.now().rfc3339)\",\"level\":\"\(level.rawValue)\",\"message\":".utf8)
    LogText.quote(message, into: &line)
    for field in fields {
      line.append(UInt8(ascii: ","))
      LogText.quote(field.name, into: &line)
      line.append(UInt8(ascii: ":"))
      switch field.value {
      case .text(let text): LogText.quote(text, into: &line)
      case .number(let number): line.append(contentsOf: String(number).utf8)
      }
    }
    line.append(UInt8(ascii: "}"))
  }

  private func renderText(
    _ level: LogLevel, _ message: String, _ fields: [LogField], into line: inout [UInt8]
  ) {
    let clock = time.now().rfc3339.dropFirst(11).dropLast(5)
    line.append(contentsOf: "\(clock) \(level.rawValue.uppercased()) ".utf8)
    LogText.escape(message, into: &line)
    for field in fields {
      line.append(contentsOf: " \(field.name)=".utf8)
      switch field.value {
      case .number(let number): line.append(contentsOf: String(number).utf8)
      case .text(let text) where text.utf8.allSatisfy({ $0 > 32 && $0 != 34 && $0 != 61 }) && !text.isEmpty:
        LogText.escape(text, into: &line)
      case .text(let text): LogText.quote(text, into: &line)
      }
    }
  }
}

/// Text made safe for one line of log.
enum LogText {
  private static let digits = Array("0123456789abcdef".utf8)

  /// A JSON string.
  static func quote(_ text: String, into line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { line.append(UInt8(ascii: "\\")) }
      append(byte, into: &line)
    }
    line.append(UInt8(ascii: "\""))
  }

  /// The text with its control characters as `\u00xx`.
  static func escape(_ text: String, into line: inout [UInt8]) {
    for byte in text.utf8 { append(byte, into: &line) }
  }

  private static func append(_ byte: UInt8, into line: inout [UInt8]) {
    guard byte < 32 || byte == 127 else { return line.append(byte) }
    line.append(contentsOf: "\\u00".utf8)
    line.append(digits[Int(byte >> 4)])
    line.append(digits[Int(byte & 15)])
  }
}
