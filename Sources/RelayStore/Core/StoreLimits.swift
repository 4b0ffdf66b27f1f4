/// Every bound of the store, in one place.
package enum StoreLimits {
  /// Transitions that may wait for the committer.
  package static let mailboxCount = 16_384
  /// Bytes of transitions that may wait for the committer.
  package static let mailboxBytes = 64 << 20
  /// Transitions in one commit: each may dirty a handful of pages, and LMDB holds 131,071 of them.
  package static let batchCount = 4096
  /// Bytes of transitions in one commit.
  package static let batchBytes = 16 << 20
  /// Bodies that one claim brings into memory.
  package static let claimBytes = 32 << 20
  /// A record up to this size stays in its database's leaf; the rest of a larger one goes to pieces.
  package static let inlineBytes = 2000
  /// No stored value is longer; only an event's headers come near.
  static let valueBytes = 4 << 20
  /// One piece: fits one overflow page together with its frame.
  package static let pieceBytes = 4064
  /// Room kept back for each execution and strand that has not ended.
  static let reservePerExecution = 1024
  /// Executions of one event.
  package static let executionsPerEvent = 1000
  /// A process death this often within one step, and the execution is quarantined.
  package static let crashes = 3
  /// One by debounce, one by order, one by concurrency.
  static let lanesPerExecution = 3
  /// When the first execution with two crashes behind it is taken up again after a start, and how long after
  /// it each of the others.
  package static let suspectDelay = Duration.milliseconds(500)
  package static let suspectSpacing = Duration.milliseconds(100)
  /// Attempts of one step that are kept: the first eight, and the latest.
  package static let attemptsKept = 64
  package static let attemptsKeptFirst = 8
  /// Refused requests kept of one hook, and how long.
  package static let rejectedPerHook = 100
  package static let rejectedBytes = 64 << 20
  package static let rejectedAge = Duration.seconds(24 * 3600)
  /// Hooks and workflows that counters are kept for.
  package static let countedNames = 4096
  package static let auditRecords = 100_000
  /// The outbox: beyond this it is thinned, step details first.
  package static let outboxBytes = 256 << 20
  /// A larger body is left out of a summary.
  package static let summaryPayload = 64 << 10
  package static let outboxAge = Duration.seconds(7 * 24 * 3600)
  /// Executions that started each other with `run`, one above the other.
  package static let runDepth = 16
  /// Executions that one event wakes of those that wait for the same.
  package static let wakes = 10_000
  /// Records that one look at a list may visit.
  package static let listVisits = 20_000
}
