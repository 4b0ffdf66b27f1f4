internal import Glibc

/// What stands on the terminal while a secret is typed without being shown. Written before the flag is set, and read
/// by the signal's callback only while it is.
nonisolated(unsafe) private let shownTerminal = UnsafeMutablePointer<termios>.allocate(capacity: 1)
nonisolated(unsafe) private let isHiding = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)

/// Ctrl-C: the end of a command, with the status that shells give it.
enum Interruption {
  /// Ends the process with 130 at the next SIGINT. Not for `serve`, which drains.
  static func endsCommand() {
    unsafe isHiding.initialize(to: 0)
    signal(SIGINT, endInterrupted)
    // Whoever started us may have left it blocked, which a process inherits.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGINT)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// Shows what is typed again if the process is interrupted while `body` runs.
  static func restoring<Value>(_ shown: termios, _ body: () -> Value) -> Value {
    unsafe shownTerminal.initialize(to: shown)
    unsafe isHiding.pointee = 1
    defer { unsafe isHiding.pointee = 0 }
    return body()
  }
}

/// Only calls what signal-safety(7) allows.
private func endInterrupted(_ number: Int32) {
  if unsafe isHiding.pointee == 1 { unsafe tcsetattr(STDIN_FILENO, TCSANOW, shownTerminal) }
  _exit(ExitStatus.interrupted.rawValue)
}
