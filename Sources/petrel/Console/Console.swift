internal import ArgumentParser
internal import Glibc
internal import RelayDocuments

/// How a command speaks: results to stdout, messages to stderr.
struct Console: Sendable {
  /// Results are JSON.
  let json: Bool
  let style: Style
  /// The terminal's columns; nil where stdout is none, and nothing is cut.
  let width: Int?

  init(_ options: OutputOptions) {
    json = options.json
    let isTerminal = isatty(STDOUT_FILENO) == 1
    style = Style(isTerminal: isTerminal && !options.json, color: options.color)
    width = isTerminal ? Self.columns() : nil
  }

  func result(_ text: String) { Swift.print(text) }

  /// A line of a stream, seen at once.
  func stream(_ text: String) {
    Swift.print(text)
    fflush(nil)
  }

  func result(_ value: JSON) { Swift.print(value.prettyText) }

  func message(_ text: String) { Self.tell("\(text)\n") }

  /// Writes to stderr as it stands. What cannot be written is lost: there is nobody to tell.
  static func tell(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func report(_ failure: CommandFailure) {
    guard !failure.message.isEmpty else { return }
    guard !json else {
      message(
        JSON.object(
          JSONObject([
            ("title", .string(failure.message)), ("code", .string(failure.code)),
            ("exit", JSON(Int(failure.status.rawValue))),
            ("hints", .array(failure.hints.map { .string($0) })),
          ])
        ).text)
      return
    }
    let lines = failure.message.split(separator: "\n", omittingEmptySubsequences: false)
    message("petrel: \(lines.joined(separator: "\n"))")
    for hint in failure.hints { message("  \(hint)") }
  }

  private static func columns() -> Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return nil }
    return Int(size.ws_col)
  }
}

/// Flags of every command.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  @Option(name: .long, help: "Colours: auto, always or never.")
  var color: ColorChoice = .auto
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
