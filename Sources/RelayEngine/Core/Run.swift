internal import RelayHTTP
internal import RelayModel
internal import RelayStore

/// One execution that the engine holds: it runs, stands in a queue, or is being recorded. Each holds a
/// permit. Belongs to the engine's thread.
final class Run {
  let key: RecordKey
  /// Tells this stay in memory from an earlier one of the same execution.
  let number: UInt64
  /// The fence that every record of it names.
  let revision: UInt32
  let workflow: String
  /// The outside id.
  let id: String
  /// Of the event's body.
  let bodyBytes: Int
  var life = ExecutionLife.walking
  var walk: Walk
  /// What the walk came to last.
  var stop: Walk.Stop
  /// Attempts of the step that count, the one under way or next included.
  var attempt: Int
  var firstAttemptAt: Timestamp
  /// The request of the step is kept in the store.
  var isPinned: Bool
  /// The record that is on its way.
  var record: Advance?
  var gate: DestinationGate?
  var transfer: Transfer?
  /// When it joined its destination's queue.
  var queuedAt: Timestamp?

  /// A request under way.
  struct Transfer {
    var number: UInt64
    var token: TransferToken?
    /// Monotonic.
    var beganAt: Duration
    /// For people.
    var began: Timestamp
    /// A kept connection broke under it, and it was sent once more on a fresh one.
    var isSecondTry: Bool
  }

  init(_ started: StartedExecution, number: UInt64, id: String, walk: Walk, now: Timestamp) {
    self.key = started.key
    self.number = number
    self.revision = started.record.revision
    self.workflow = started.record.workflow
    self.id = id
    self.bodyBytes = started.event.body.count
    self.walk = walk
    self.stop = .pause(until: now)
    self.attempt = started.record.attempt
    self.firstAttemptAt = started.record.firstAttemptAt ?? now
    self.isPinned = started.record.pinned
  }
}
