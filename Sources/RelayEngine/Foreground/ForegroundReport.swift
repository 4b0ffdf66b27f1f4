package import RelayModel
package import RelayStore

/// What a foreground run tells of its way, in order.
package enum ForegroundReport: Sendable {
  /// A dry run comes to a request: redacted JSON with method, URL, headers and the whole body.
  case wouldSend(step: String, request: [UInt8])
  /// An attempt failed and is made again.
  case retrying(step: String, AttemptRecord, after: Duration)
  /// The run waits, and what for; a dry run goes on at once.
  case waiting(step: String, what: String, Duration)
  /// A step is over; its output and its last attempt are in the entry.
  case ended(JournalEntry)
  /// The execution is over.
  case finished(ExecutionStatus, Failure?)
}
