package import RelayModel

/// Accepts an event: the event, its executions, their start or due entries and the dedupe mark, in one
/// commit. An execution that finds a permit starts at once, with its first attempt counted.
package struct Enqueue: Transition {
  package var event: NewEvent
  package var executions: [NewExecution]
  /// Nil where the sender gives nothing to tell a repetition by.
  package var mark: DedupeMark?
  package var now: Timestamp
  /// What the event answered to `Store.waits(on:)`, by the kind's id; an empty answer is none. A kind that is
  /// not among them is asked in the commit.
  package var answers: [UInt64: [UInt8]] = [:]

  /// A programmer error with more than `StoreLimits.executionsPerEvent` executions.
  package init(event: NewEvent, executions: [NewExecution], mark: DedupeMark?, now: Timestamp) {
    precondition(executions.count <= StoreLimits.executionsPerEvent, "too many executions of one event")
    self.event = event
    self.executions = executions
    self.mark = mark
    self.now = now
  }

  package var weight: Int { event.body.count + event.record.headers.storage.count + 512 }
  package var needsRoom: Bool { true }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> EnqueueAnswer {
    if let mark, let earlier = try transaction.earlier(mark, now: now) {
      transaction.tallies.count(hook: event.record.hook) { $0.duplicates += 1 }
      return EnqueueAnswer(earlier)
    }
    let (key, record) = try transaction.insert(event, executions: executions.count, now: now)
    if let mark { try transaction.remember(mark, key, executions: executions.count) }
    transaction.tallies.count(hook: event.record.hook) { $0.accepted += 1 }
    transaction.tell(.accepted(key))
    guard !executions.isEmpty || !transaction.listening.isEmpty else {
      return EnqueueAnswer(event: key, executions: [], duplicate: false)
    }
    let stored = StoredEvent(key: key, record: record, body: event.body)
    try transaction.wake(by: stored, known: answers, now: now)
    var keys: [RecordKey] = []
    keys.reserveCapacity(executions.count)
    for execution in executions {
      keys.append(try transaction.admit(execution, of: stored, background: false, mayStart: true, now: now))
    }
    return EnqueueAnswer(event: key, executions: keys, duplicate: false)
  }
}

/// What was accepted, or had been accepted before.
package struct EnqueueAnswer: Sendable, Hashable {
  package let event: RecordKey
  package let executions: [RecordKey]
  /// True when the event had come before: the first answer again, and nothing runs.
  package let duplicate: Bool

  package init(event: RecordKey, executions: [RecordKey], duplicate: Bool) {
    self.event = event
    self.executions = executions
    self.duplicate = duplicate
  }

  init(_ earlier: DedupeValue) {
    event = earlier.event
    executions = (0..<UInt64(earlier.executions)).map {
      RecordKey(rawValue: earlier.event.rawValue + 1 + $0)
    }
    duplicate = true
  }
}

extension WriteTransaction {
  /// Stores an event under a new key, its body in the record or in pieces.
  mutating func insert(
    _ event: NewEvent, executions: Int, now: Timestamp
  ) throws(StoreError) -> (RecordKey, EventRecord) {
    let key = nextKey(at: now)
    var record = event.record
    record.bodySize = event.body.count
    record.executionCount = executions
    let isInline = record.storedBytes + event.body.count <= StoreLimits.inlineBytes
    try append(.events, KeyBytes(key), EventHeader(record: record, inlineBody: isInline ? event.body : nil))
    if !isInline { try appendBody(event.body, of: key) }
    state.events += 1
    return (key, record)
  }

  private mutating func appendBody(_ body: [UInt8], of event: RecordKey) throws(StoreError) {
    for number in 0..<Pieces.count(of: body.count) {
      let start = number * StoreLimits.pieceBytes
      var key = KeyBytes(event)
      key.add(UInt16(number))
      try append(.bodies, key, Piece(body[start..<min(start + StoreLimits.pieceBytes, body.count)]))
    }
  }

  /// Stores an execution of `event` under the next key: running where it may start and finds a
  /// permit, else due now.
  mutating func admit(
    _ new: NewExecution, of event: StoredEvent, background: Bool, mayStart: Bool, now: Timestamp
  ) throws(StoreError) -> RecordKey {
    let key = nextKey(at: now)
    var record = ExecutionRecord(
      event: event.key, hook: event.record.hook, workflow: new.workflow, version: new.version,
      origin: new.origin, priority: new.priority, background: background, position: new.position,
      createdAt: now)
    record.lanes = new.lanes.map { LaneTicket($0) }
    if let parent = new.parent {
      record.hasParent = true
      try put(.parents, KeyBytes(key), ParentLink(parent: parent))
    }
    if let pacing = new.pacing, try !mayBegin(key, &record, pacing, now: now) { return key }
    if try !enterLanes(key, &record, turn: key) {
      record.due = .distantFuture
      record.reason = record.awaitedLane?.reason
      try putIndex(.due, DueKey.make(key, record, at: .distantFuture))
    } else if mayStart && takePermit() {
      record.start(at: now)
      try putIndex(.running, KeyBytes(key), appends: false)
      tell(.started(StartedExecution(key: key, record: record, event: event)))
    } else {
      let due = dueAtOnce(now)
      record.due = due
      try putIndex(.due, DueKey.make(key, record, at: due))
      tellDue(due)
    }
    try append(.executions, KeyBytes(key), record)
    state.count(from: nil, to: record.status)
    return key
  }
}

extension ExecutionRecord {
  /// The next attempt is counted, and may be made.
  mutating func start(at now: Timestamp) {
    status = .running
    attempt += 1
    totalAttempts += 1
    due = nil
    reason = nil
    if startedAt == nil { startedAt = now }
  }
}

extension EventRecord {
  /// About what the record takes without the body.
  fileprivate var storedBytes: Int {
    headers.storage.count + target.utf8.count + notes.reduce(0) { $0 + $1.utf8.count + 2 } + hook.utf8.count
      + (type?.utf8.count ?? 0) + (delivery?.utf8.count ?? 0) + client.utf8.count + 64
  }
}
