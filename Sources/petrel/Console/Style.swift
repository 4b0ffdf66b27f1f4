internal import Glibc

/// The looks of what people read. What they say is the same without.
struct Style: Sendable {
  enum Color: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case dim = 2
    case bold = 1
  }

  private let isColored: Bool
  /// Whether the locale can show more than ASCII.
  private let isUnicode: Bool

  init(isTerminal: Bool, color: ColorChoice, environment: [String: String] = Environment.variables) {
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    switch color {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored =
        isSet("CLICOLOR_FORCE")
        || (isTerminal && !isSet("NO_COLOR") && environment["TERM"] != "dumb")
    }
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C.UTF-8"
    isUnicode = locale.lowercased().contains("utf")
  }

  func paint(_ text: String, _ color: Color) -> String {
    isColored ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Mark: Sendable {
    case good, warning, bad
  }

  /// `✓ ! ✗`, or their ASCII stand-ins.
  func mark(_ mark: Mark) -> String {
    switch mark {
    case .good: paint(isUnicode ? "✓" : "ok", .green)
    case .warning: paint("!", .yellow)
    case .bad: paint(isUnicode ? "✗" : "x", .red)
    }
  }

  /// An execution's or a step's status, coloured by what it means.
  func status(_ status: String) -> String {
    switch status {
    case "succeeded": paint(status, .green)
    case "failed": paint(status, .red)
    case "waiting", "queued", "running": paint(status, .yellow)
    default: paint(status, .dim)
    }
  }
}
