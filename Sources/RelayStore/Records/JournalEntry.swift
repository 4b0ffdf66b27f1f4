package import RelayModel

/// What is recorded of one step: that it ended and how, or a decision that is never taken again.
package struct JournalEntry: Sendable, Hashable {
  package var path: StepPath
  /// The path in names, for people and for keys: `summary`, `route/0/notify`.
  package var name: String
  package var status: StepStatus
  package var startedAt: Timestamp
  package var finishedAt: Timestamp?
  /// Attempts counted.
  package var attempts: Int
  /// The output as JSON text; nil for null.
  package var output: [UInt8]?
  /// The attempt that ended the step.
  package var last: AttemptRecord?
  package var failure: Failure?
  /// What the walk decided here, in the engine's own form.
  package var decision: [UInt8]?

  package init(
    path: StepPath, name: String, status: StepStatus, startedAt: Timestamp, finishedAt: Timestamp? = nil,
    attempts: Int = 0, output: [UInt8]? = nil, last: AttemptRecord? = nil, failure: Failure? = nil,
    decision: [UInt8]? = nil
  ) {
    self.path = path
    self.name = name
    self.status = status
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.attempts = attempts
    self.output = output
    self.last = last
    self.failure = failure
    self.decision = decision
  }
}

/// One attempt of a step, for people: bounded, and without secrets.
package struct AttemptRecord: Sendable, Hashable {
  /// Counted from 1 within the step.
  package var number: Int
  package var at: Timestamp
  package var durationMs: Int
  /// Redacted JSON: method, URL, headers, the beginning of the body.
  package var request: [UInt8]?
  /// Redacted JSON: status, headers, the beginning of the body.
  package var response: [UInt8]?
  /// The HTTP status where an answer came.
  package var status: Int?
  package var error: Failure?

  package init(
    number: Int, at: Timestamp, durationMs: Int, request: [UInt8]? = nil, response: [UInt8]? = nil,
    status: Int? = nil, error: Failure? = nil
  ) {
    self.number = number
    self.at = at
    self.durationMs = durationMs
    self.request = request
    self.response = response
    self.status = status
    self.error = error
  }
}

/// An attempt and the step it belongs to.
package struct StepAttempt: Sendable, Hashable {
  package let path: StepPath
  package let attempt: AttemptRecord

  package init(path: StepPath, attempt: AttemptRecord) {
    self.path = path
    self.attempt = attempt
  }
}
