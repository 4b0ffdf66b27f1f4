internal import RelayHTTP
internal import RelayModel
internal import RelaySandbox
internal import RelayStore

/// One execution that the engine holds: it runs, stands in a queue, or is being recorded. Each holds a
/// permit. Belongs to the engine's thread.
final class Run {
  let key: RecordKey
  /// The execution that it is a part of, where it is a strand; else itself.
  let root: RecordKey
  /// Tells this stay in memory from an earlier one of the same execution.
  let number: UInt64
  /// The fence that every record of it names.
  let revision: UInt32
  let workflow: String
  /// It runs an event again that had been accepted: no part of its sender's trace.
  let isRepetition: Bool
  /// The outside id.
  let id: String
  /// Of the event's body.
  let bodyBytes: Int
  var life = ExecutionLife.walking
  let walk: Walk
  /// What the walk came to last.
  var stop: Walk.Stop
  /// Attempts of the step that count, the one under way or next included.
  var attempt: Int
  /// When the first of them began: the step's time runs from here.
  var firstAttemptAt: Timestamp
  /// An earlier attempt of the step is on record, or may have been made in an earlier process.
  var hasTried: Bool
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
    /// Where it is a script.
    var script: ScriptToken?
    /// Monotonic.
    var beganAt: Duration
    /// For people.
    var began: Timestamp
    /// A kept connection broke under it, and it was sent once more on a fresh one.
    var isSecondTry: Bool
  }

  /// Where the step's time runs from for one that is put down with nothing sent: nil where it has all of it.
  var triedSince: Timestamp? { hasTried ? firstAttemptAt : nil }

  init(_ started: StartedExecution, number: UInt64, id: String, walk: Walk, now: Timestamp) {
    self.key = started.key
    self.root = started.record.root(started.key)
    self.number = number
    self.revision = started.record.revision
    self.workflow = started.record.workflow
    self.isRepetition = started.record.origin == .replay || started.record.origin == .retry
    self.id = id
    self.bodyBytes = started.event.body.count
    self.walk = walk
    self.stop = .pause(until: now)
    self.attempt = started.record.attempt
    self.firstAttemptAt = started.record.firstAttemptAt ?? now
    self.hasTried = started.record.firstAttemptAt != nil || started.record.attempt > 1
    self.isPinned = started.record.pinned
  }
}
