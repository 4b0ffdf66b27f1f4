package import RelayModel

/// How the connection to central stands, for `petrel status`, the metrics and the pages.
package struct UpstreamStatus: Sendable, Hashable {
  /// Summaries that wait for an acknowledgement.
  package var pending: UInt64 = 0
  /// The last acknowledged sequence number.
  package var acked: UInt64 = 0
  package var epoch = ""
  /// When the oldest of those that wait happened; nil when none waits.
  package var oldest: Timestamp?
  /// When central last acknowledged something.
  package var lastSuccess: Timestamp?
  /// Why the last attempt failed; nil after a success.
  package var lastError: String?
  /// Failures in a row.
  package var failures = 0
  /// Summaries that central rejected for good, all time.
  package var rejected = 0
  /// The latest of them, newest last, at most 20.
  package var latestRejected: [RejectedSummary] = []

  package init() {}
}
