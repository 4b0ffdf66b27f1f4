package import RelayModel

/// Records what an execution's step came to, and what is next: outcome, next due instant or end, and
/// outbox entry in one commit.
///
/// An object: the engine keeps it until the store has it, and both pass it on without copying its parts.
package final class Advance: Transition {
  /// What follows.
  package enum Next: Sendable {
    /// It stays running: `position` is under way, its first attempt counted.
    case step(StepPath)
    /// It waits until an instant; the next claim counts an attempt. The engine frees the permit.
    case wait(Wait)
    /// It stands at a step whose branches begin, and goes on when they are over.
    case fork(NewFork)
    /// The branch or turn of a strand is over. The answer says whether it has another.
    case turn
    /// It ends. `resumeAt` is the failed step that a retry goes on from. A nil `summary` is made by
    /// the store where ends are told upstream.
    case end(ExecutionStatus, failure: Failure?, resumeAt: StepPath?, summary: ExecutionSummary?)
  }

  /// What a waiting execution is waiting for.
  package struct Wait: Sendable {
    package var position: StepPath
    package var until: Timestamp
    /// For people: `backing off after 503`, `waiting for 2h`.
    package var reason: String
    /// Attempts of the step that count so far; the next claim makes it one more. An attempt that
    /// used up no attempt (429, an open breaker) is left out.
    package var attempt: Int
    /// Nil begins the budget at the next claim.
    package var firstAttemptAt: Timestamp?
    /// The rendered request to keep for the retries; nil keeps the one that is kept already, as long
    /// as the position stays.
    package var request: [UInt8]?

    package init(
      position: StepPath, until: Timestamp, reason: String, attempt: Int, firstAttemptAt: Timestamp?,
      request: [UInt8]? = nil
    ) {
      self.position = position
      self.until = until
      self.reason = reason
      self.attempt = attempt
      self.firstAttemptAt = firstAttemptAt
      self.request = request
    }
  }

  package let execution: RecordKey
  /// The revision that the engine began with: another one there makes this outcome stale.
  package let revision: UInt32
  /// Steps that ended or were decided, in order. An entry replaces an earlier one of its path.
  package let journal: [JournalEntry]
  /// An attempt that did not end its step, and that step. The one that did is `JournalEntry.last`.
  package let attempt: StepAttempt?
  package let next: Next
  /// What a wait that begins waits for beside its instant.
  package let listening: WaitRecord?
  /// What the step at the wait's position starts, to wait for its end.
  package let child: ChildRun?
  /// What the sender of the event is answered, once this is on record.
  package let answer: HookAnswer?
  /// An end's instant for people; else the engine's clock.
  package let at: Timestamp

  package init(
    execution: RecordKey, revision: UInt32, journal: [JournalEntry], attempt: StepAttempt? = nil, next: Next,
    listening: WaitRecord? = nil, child: ChildRun? = nil, answer: HookAnswer? = nil, at: Timestamp
  ) {
    self.execution = execution
    self.revision = revision
    self.journal = journal
    self.attempt = attempt
    self.next = next
    self.listening = listening
    self.child = child
    self.answer = answer
    self.at = at
  }

  /// What starts another execution, or branches, waits until there is room for that: see `putOff`.
  package var needsRoom: Bool { child != nil || strands > 0 }

  package var weight: Int {
    journal.reduce(512 + (child?.event.body.count ?? 0) + strands * StoreLimits.reservePerExecution) {
      $0 + 256 + ($1.output?.count ?? 0) + ($1.last?.response?.count ?? 0)
    }
  }

  /// How many strands begin at most.
  private var strands: Int {
    guard case .fork(let fork) = next else { return 0 }
    return Int(min(fork.turns, fork.width))
  }

  /// The same for want of room: the steps before are on record, and the execution comes back to this one at
  /// `until`, as if it had not seen it yet. It needs no room and holds no permit, so that what can end ends.
  package func putOff(at position: StepPath, until: Timestamp) -> Advance {
    Advance(
      execution: execution, revision: revision,
      journal: journal.filter { $0.path != position || $0.finishedAt != nil }, attempt: attempt,
      next: .wait(
        Wait(
          position: position, until: until, reason: "the store has no room for what this step starts",
          attempt: 0, firstAttemptAt: nil)),
      answer: answer, at: at)
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> AdvanceAnswer {
    let key = KeyBytes(execution)
    guard var record: ExecutionRecord = try transaction.snapshot.record(.executions, key),
      record.status == .running, record.revision == revision
    else { return .stale }
    let root = record.root(execution)
    guard try count(journal.count { $0.finishedAt != nil }, &record, &transaction) else { return .stale }
    for entry in journal { try transaction.put(.journal, KeyBytes(root, entry.path), entry) }
    if let attempt { try transaction.keep(attempt, of: root, record) }
    if record.forks { try transaction.closeForks(execution, &record, journal) }
    record.crashes = 0
    if let answer { transaction.tell(.answered(event: record.event, answer)) }
    var turn: UInt32?
    switch next {
    case .fork(let fork): try begin(fork, &record, &transaction)
    case .turn: turn = try transaction.endTurn(execution, &record, at: at)
    case .step(let position): try advance(to: position, &record, &transaction)
    case .wait(let wait): try park(wait, &record, &transaction)
    case .end(let status, let failure, let resumeAt, let summary):
      if status != .failed { try transaction.unpin(execution, &record) }
      let resumed = try resumeAt.map { (place) throws(StoreError) in
        try transaction.placeOfRetry(place, record, root)
      }
      let ending = Ending(status: status, failure: failure, resumeAt: resumed, at: at, summary: summary)
      try transaction.end(execution, &record, ending)
    }
    return record.strand == nil ? .recorded : .strand(stepsDone: record.stepsDone, turn: turn)
  }

  /// Counts steps that are over; those of a strand with all of its root. False where that is lost.
  private func count(
    _ steps: Int, _ record: inout ExecutionRecord, _ transaction: inout WriteTransaction
  ) throws(StoreError) -> Bool {
    record.stepsDone += steps
    guard let place = record.strand, steps > 0 else { return true }
    let known = try transaction.believed(.executions, KeyBytes(place.root), as: ExecutionRecord.self)
    guard var root = known else { return false }
    root.stepsDone += steps
    record.stepsDone = root.stepsDone
    try transaction.put(.executions, KeyBytes(place.root), root)
    return true
  }

  private func begin(
    _ fork: NewFork, _ record: inout ExecutionRecord, _ transaction: inout WriteTransaction
  ) throws(StoreError) {
    transaction.learn(engineClock: at)
    try transaction.unpin(execution, &record)
    try transaction.stopListening(execution, &record)
    // Claimed there, and no attempt was made.
    if record.position == fork.block { record.totalAttempts -= max(0, record.attempt) }
    record.position = fork.block
    try transaction.begin(fork, execution, &record, now: at)
  }

  private func advance(
    to position: StepPath, _ record: inout ExecutionRecord, _ transaction: inout WriteTransaction
  )
    throws(StoreError)
  {
    try transaction.unpin(execution, &record)
    try transaction.stopListening(execution, &record)
    transaction.learn(engineClock: at)
    record.position = position
    record.attempt = 1
    record.totalAttempts += 1
    record.firstAttemptAt = at
    try transaction.put(.executions, KeyBytes(execution), record)
  }

  private func park(_ wait: Wait, _ record: inout ExecutionRecord, _ transaction: inout WriteTransaction)
    throws(StoreError)
  {
    transaction.learn(engineClock: at)
    if wait.position != record.position {
      try transaction.unpin(execution, &record)
      try transaction.stopListening(execution, &record)
    } else if attempt == nil {
      // What was counted ahead was not made.
      record.totalAttempts -= max(0, record.attempt - wait.attempt)
    }
    if let request = wait.request {
      try transaction.put(.requests, KeyBytes(execution), KeptRequest(bytes: request))
      record.pinned = true
    }
    record.position = wait.position
    record.attempt = wait.attempt
    record.firstAttemptAt = wait.firstAttemptAt
    if let listening { try transaction.listen(execution, &record, listening) }
    if let child { try transaction.start(child, of: execution, &record, now: at) }
    let until =
      try transaction.hasOutcome(execution, record, by: wait.until) ? min(wait.until, at) : wait.until
    try transaction.park(execution, &record, until: until, reason: wait.reason)
  }
}

package enum AdvanceAnswer: Sendable, Hashable {
  case recorded
  /// The same for a strand. `stepsDone` counts the steps of all branches; `turn` is the one that it walks
  /// next after `Next.turn`, and nil where it has ended.
  case strand(stepsDone: Int, turn: UInt32?)
  /// The execution was cancelled, retried or has gone meanwhile: drop what you know of it.
  case stale
}

/// The value in `requests`.
struct KeptRequest: StoredRecord {
  static let version: UInt8 = 1

  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  func encode(to writer: inout RecordWriter) { writer.bytes(bytes) }
  init?(from reader: inout RecordReader) { bytes = reader.blob() }
}

/// Keys of `attempts`: a serial that never repeats, because a step's numbers begin again with a retry.
enum AttemptKey {
  static func make(_ execution: RecordKey, _ path: StepPath, serial: Int) -> KeyBytes {
    var key = KeyBytes(execution, path)
    key.add(UInt32(clamping: serial))
    return key
  }
}

extension WriteTransaction {
  /// Keeps an attempt, and forgets one in the middle when the step has too many.
  mutating func keep(_ attempt: StepAttempt, of execution: RecordKey, _ record: ExecutionRecord)
    throws(StoreError)
  {
    try put(
      .attempts, AttemptKey.make(execution, attempt.path, serial: record.totalAttempts), attempt.attempt)
    guard record.totalAttempts > StoreLimits.attemptsKept else { return }
    let kept = try snapshot.keys(.attempts, prefix: KeyBytes(execution, attempt.path))
    let ofStep = kept.filter { $0.count == 8 + attempt.path.bytes.count + 4 }
    guard ofStep.count > StoreLimits.attemptsKept else { return }
    var forgotten = KeyBytes()
    forgotten.add(ofStep[StoreLimits.attemptsKeptFirst])
    try delete(.attempts, forgotten)
  }

  /// Drops the rendered request of a step that is over.
  mutating func unpin(_ execution: RecordKey, _ record: inout ExecutionRecord) throws(StoreError) {
    guard record.pinned else { return }
    try delete(.requests, KeyBytes(execution))
    record.pinned = false
  }
}
