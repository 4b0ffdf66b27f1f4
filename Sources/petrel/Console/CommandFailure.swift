/// Why a command did not do what it was asked: told on stderr, with what to do next.
struct CommandFailure: Error, Sendable {
  let status: ExitStatus
  /// What failed and why, in one line; empty where all has been told.
  let message: String
  /// What to try, a line each.
  let hints: [String]
  /// Stable, for machines.
  let code: String

  init(_ status: ExitStatus, _ message: String, hints: [String] = [], code: String? = nil) {
    self.status = status
    self.message = message
    self.hints = hints
    self.code = code ?? "\(status)"
  }

  /// The end of a command that has told everything itself.
  static func silent(_ status: ExitStatus) -> CommandFailure { CommandFailure(status, "") }
}
