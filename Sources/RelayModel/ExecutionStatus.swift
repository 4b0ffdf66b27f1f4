/// Where an execution stands. Waiting covers a wait, a delay before the next attempt, and a
/// destination that is left alone.
package enum ExecutionStatus: String, Sendable, CaseIterable {
  case queued, running, waiting, succeeded, failed, cancelled

  /// No step will run again unless an operator asks for it.
  package var isFinal: Bool {
    switch self {
    case .succeeded, .failed, .cancelled: true
    case .queued, .running, .waiting: false
    }
  }
}

/// How one step ended, or that it has not.
package enum StepStatus: String, Sendable, CaseIterable {
  case running, waiting, succeeded, failed, skipped
}

/// Why a step or an execution failed, as `failure` in expressions and as `error` in the interfaces.
package struct Failure: Hashable, Sendable, Error {
  /// The step's path, for example `route/0/notify`; empty where no step is to blame.
  package var step: String
  /// Stable, for machines: `http_status`, `timeout`, `connect`, `poison`, …
  package var code: String
  /// For people: what failed, on what, what to do. Never a secret.
  package var message: String
  /// The HTTP status where an answer came.
  package var status: Int?
  package var attempts: Int

  package init(step: String, code: String, message: String, status: Int? = nil, attempts: Int = 0) {
    self.step = step
    self.code = code
    self.message = message
    self.status = status
    self.attempts = attempts
  }
}
