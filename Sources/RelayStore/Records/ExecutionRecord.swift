package import RelayModel

/// The state of one execution: all that has to be known to go on with it after a restart, together
/// with its event, its workflow version and its journal.
package struct ExecutionRecord: Sendable, Hashable {
  package var event: RecordKey
  package var hook: String
  package var workflow: String
  /// The pinned `WorkflowVersion`'s number.
  package var version: UInt32
  package var status: ExecutionStatus
  package var origin: ExecutionOrigin
  /// 0–9, 9 first.
  package var priority: UInt8
  /// Goes after everything live, whatever its priority: bulk replay.
  package var background: Bool
  /// The step that is next or under way.
  package var position: StepPath
  /// Attempts of that step counted so far, the one under way included.
  package var attempt: Int
  /// Attempts of all steps counted so far.
  package var totalAttempts: Int
  /// Deaths of the process since an outcome was last recorded.
  package var crashes: Int
  /// When the first attempt of this step began, on the engine's clock: a retry's `for` runs from here. Nil
  /// until that is on record: an execution may be claimed and put down again with nothing tried.
  package var firstAttemptAt: Timestamp?
  /// When it is due; nil while it is running and after its end.
  package var due: Timestamp?
  /// Why it waits, for people.
  package var reason: String?
  package var createdAt: Timestamp
  package var startedAt: Timestamp?
  package var finishedAt: Timestamp?
  /// The fence: raised by every change from outside (cancel, retry), so that an outcome which was
  /// under way meanwhile is recognised as stale.
  package var revision: UInt32
  /// How often it has ended.
  package var ends: Int
  package var failure: Failure?
  /// Where a retry goes on after a failed end.
  package var resumeAt: StepPath?
  /// A rendered request is kept for the step at `position`.
  package var pinned: Bool
  /// A failed execution that an operator has put aside: no dead letter any more.
  package var discarded: Bool
  /// Steps that have ended so far: a bound on loops.
  package var stepsDone: Int
  /// There is a `WaitRecord` of it.
  package internal(set) var listens: Bool
  /// A step of another execution started it.
  package internal(set) var hasParent: Bool
  /// Its places among those that it waits for, in the order in which it comes to them.
  package internal(set) var lanes: [LaneTicket]

  /// It has begun branches side by side, and `ForkRecord`s say how they stand.
  package internal(set) var forks: Bool
  /// Nil for an execution that people know; else the part of one that this walks.
  package var strand: StrandPlace?

  /// An execution that has not begun.
  package init(
    event: RecordKey, hook: String, workflow: String, version: UInt32, origin: ExecutionOrigin,
    priority: UInt8, background: Bool, position: StepPath, createdAt: Timestamp
  ) {
    self.event = event
    self.hook = hook
    self.workflow = workflow
    self.version = version
    self.status = .queued
    self.origin = origin
    self.priority = priority
    self.background = background
    self.position = position
    self.attempt = 0
    self.totalAttempts = 0
    self.crashes = 0
    self.createdAt = createdAt
    self.revision = 0
    self.ends = 0
    self.pinned = false
    self.discarded = false
    self.stepsDone = 0
    self.listens = false
    self.hasParent = false
    self.lanes = []
    self.forks = false
  }

  /// Failed for good, and nobody has dealt with it.
  package var isDeadLetter: Bool { status == .failed && !discarded && strand == nil }

  /// One more death of the process while it runs quarantines it.
  var isSuspect: Bool { crashes == StoreLimits.crashes - 1 }
}

/// An execution to be made.
package struct NewExecution: Sendable {
  package var workflow: String
  package var version: UInt32
  package var priority: UInt8
  package var position: StepPath
  package var origin: ExecutionOrigin
  package var lanes: [Lane]
  /// Nil where every event starts one.
  package var pacing: Pacing?
  /// The execution whose step starts it.
  var parent: RecordKey?

  package init(
    workflow: String, version: UInt32, priority: UInt8 = 5, position: StepPath = .start,
    origin: ExecutionOrigin = .live, lanes: [Lane] = [], pacing: Pacing? = nil
  ) {
    self.workflow = workflow
    self.version = version
    self.priority = priority
    self.position = position
    self.origin = origin
    self.lanes = lanes
    self.pacing = pacing
  }
}

/// An execution that has been claimed: its next attempt is counted, and may be made.
package final class StartedExecution: Sendable {
  package let key: RecordKey
  package let record: ExecutionRecord
  package let event: StoredEvent

  package init(key: RecordKey, record: ExecutionRecord, event: StoredEvent) {
    self.key = key
    self.record = record
    self.event = event
  }
}
