internal import Glibc
internal import RelayService

/// What a person or a pipe gives on stdin.
enum Prompt {
  /// A secret: typed without being shown, or the whole of a pipe. One line break at its end does not belong to
  /// it.
  static func secret(_ question: String) throws(CommandFailure) -> [UInt8] {
    var bytes = isatty(STDIN_FILENO) == 1 ? hiddenLine(question) : try everything()
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard !bytes.isEmpty else {
      throw CommandFailure(
        .badInput, "no secret was given on stdin", hints: ["printf %s \"$SECRET\" | petrel secrets set NAME"])
    }
    return bytes
  }

  /// Whether a person agrees; where nobody can be asked, the command itself is the consent.
  static func confirms(_ question: String, _ console: Console) -> Bool {
    guard isatty(STDIN_FILENO) == 1 else { return true }
    Console.tell("\(question) [y/N] ")
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  private static func everything() throws(CommandFailure) -> [UInt8] {
    do throws(LocalFile.Failure) {
      return try LocalFile.read("-")
    } catch {
      throw CommandFailure(.io, "stdin cannot be read: \(error.reason)")
    }
  }

  private static func hiddenLine(_ question: String) -> [UInt8] {
    Console.tell("\(question): ")
    var shown = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { return Array((readLine() ?? "").utf8) }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    let line = Interruption.restoring(shown) {
      unsafe tcsetattr(STDIN_FILENO, TCSANOW, &hidden)
      defer { unsafe tcsetattr(STDIN_FILENO, TCSANOW, &shown) }
      return readLine() ?? ""
    }
    Console.tell("\n")
    return Array(line.utf8)
  }
}
