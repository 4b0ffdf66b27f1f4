package import RelayModel

/// Runs a failed or cancelled execution again from the step it failed in, or its event again from the
/// start as a new execution.
package struct RetryExecution: Transition {
  package enum Version: Sendable, Hashable {
    /// The one it began with. A kept request is sent again as it was.
    case original
    /// Another one, by number. The kept request goes. The steps stand as `places` says, as it was computed from the
    /// execution with the revision `of`; nil where they stand where they stood.
    case other(UInt32, places: StepPlaces? = nil, of: UInt32? = nil)
  }

  package var execution: RecordKey
  package var fromStart: Bool
  package var version: Version
  package var now: Timestamp

  package init(execution: RecordKey, fromStart: Bool = false, version: Version = .original, now: Timestamp) {
    self.execution = execution
    self.fromStart = fromStart
    self.version = version
    self.now = now
  }

  package var needsRoom: Bool { fromStart }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> RetryAnswer {
    guard var record: ExecutionRecord = try transaction.snapshot.record(.executions, KeyBytes(execution)),
      record.strand == nil
    else {
      return .notFound
    }
    if fromStart { return try startAgain(record, &transaction) }
    guard record.status == .failed || record.status == .cancelled, isCurrent(record) else {
      return .notEnded(record.status)
    }
    try transaction.unindex(execution, record)
    try transaction.forgetFailure(execution, record)
    if case .other(let number, let places, _) = version {
      record.version = number
      try transaction.unpin(execution, &record)
      if let places {
        try transaction.move(execution, to: places)
        record.resumeAt = places.resume
      }
    }
    record.reopen()
    try transaction.holdFork(execution, record)
    // Who asks for it has not to wait for quiet.
    record.lanes.removeAll { $0.lane.kind == .debounce }
    // It joins the tails of its lanes: what came meanwhile has gone before.
    let turn = record.lanes.isEmpty ? execution : transaction.nextKey(at: now)
    if try transaction.enterLanes(execution, &record, turn: turn) {
      try transaction.park(execution, &record, until: transaction.dueAtOnce(now), reason: nil)
    } else {
      try transaction.waitForTurn(execution, &record)
    }
    return .retried(execution)
  }

  /// Whether nobody retried it since its places were computed.
  private func isCurrent(_ record: ExecutionRecord) -> Bool {
    guard case .other(_, _, let revision?) = version else { return true }
    return record.revision == revision
  }

  private func startAgain(_ record: ExecutionRecord, _ transaction: inout WriteTransaction) throws(StoreError)
    -> RetryAnswer
  {
    guard let event = try transaction.snapshot.event(record.event) else { return .notFound }
    var number = record.version
    if case .other(let other, _, _) = version { number = other }
    let new = NewExecution(
      workflow: record.workflow, version: number, priority: record.priority, position: .start, origin: .retry,
      lanes: record.lanes.map(\.lane).filter { $0.kind != .debounce })
    let key = try transaction.admitLater(new, of: event, background: false, now: now)
    return .retried(key)
  }
}

package enum RetryAnswer: Sendable, Hashable {
  /// The execution that is due now: the same one, or a new one of the same event.
  case retried(RecordKey)
  /// It has not ended, or it succeeded.
  case notEnded(ExecutionStatus)
  /// The execution or its event is not stored any more.
  case notFound
}

extension ExecutionRecord {
  /// Opens an ended execution again at the step it failed in.
  mutating func reopen() {
    let resumed = resumeAt ?? position
    if resumed != position { pinned = false }
    position = resumed
    resumeAt = nil
    failure = nil
    finishedAt = nil
    firstAttemptAt = nil
    attempt = 0
    crashes = 0
    revision += 1
    discarded = false
  }
}

extension WriteTransaction {
  /// Takes the failed step out of the journal, with all that came after it (`onFailure` too), so that
  /// the walk runs it again. Its last attempt stays among the attempts. Of a step whose branches go on
  /// nothing is taken: each of them forgets its own failure.
  mutating func forgetFailure(_ execution: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    let resumed = record.resumeAt ?? record.position
    let root = record.root(execution)
    if record.pinned && resumed != record.position { try delete(.requests, KeyBytes(execution)) }
    let forks = record.forks ? try snapshot.contains(.forks, KeyBytes(root, resumed)) : false
    for entry in try snapshot.journal(of: root, from: forks ? resumed.next : resumed, in: record.strand?.base)
    {
      try delete(.journal, KeyBytes(root, entry.path))
      guard let last = entry.last else { continue }
      try put(.attempts, AttemptKey.make(root, entry.path, serial: record.totalAttempts), last)
    }
    if record.forks, record.strand == nil { try forgetForks(root, behind: resumed) }
  }

  /// Branches of `onFailure` belong to the failure that is forgotten.
  private mutating func forgetForks(_ root: RecordKey, behind resumed: StepPath) throws(StoreError) {
    var prefix = KeyBytes(root)
    prefix.add(StepPath.Section.onFailure.rawValue)
    if resumed.section == .steps { try deleteForks(prefix) }
  }

  /// Stores an execution of an event that was accepted earlier: due now.
  mutating func admitLater(_ new: NewExecution, of event: StoredEvent, background: Bool, now: Timestamp)
    throws(StoreError) -> RecordKey
  {
    let key = try admit(new, of: event, background: background, mayStart: false, now: now)
    var link = KeyBytes(event.key)
    link.add(key.rawValue)
    try putIndex(.byEvent, link)
    return key
  }
}
