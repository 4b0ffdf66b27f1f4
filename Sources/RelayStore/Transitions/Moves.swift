internal import RelayModel

/// How an execution ends.
struct Ending {
  var status: ExecutionStatus
  var failure: Failure?
  var resumeAt: StepPath?
  var at: Timestamp
  /// What is told upstream; nil lets the transaction make it where ends are told.
  var summary: ExecutionSummary?
}

/// The classes in `byStatus`.
enum StatusClass: UInt8 {
  case failed = 1
  case cancelled = 2
  case deadLetter = 3

  func key(_ execution: RecordKey) -> KeyBytes {
    var key = KeyBytes()
    key.add(rawValue)
    key.add(execution.rawValue)
    return key
  }

  /// The classes that an execution stands in.
  static func classes(of record: ExecutionRecord) -> [StatusClass] {
    guard record.strand == nil else { return [] }
    return switch record.status {
    case .failed: record.discarded ? [.failed] : [.failed, .deadLetter]
    case .cancelled: [.cancelled]
    case .queued, .running, .waiting, .succeeded: []
    }
  }
}

enum WorkflowKey {
  static func make(_ workflow: String, _ execution: RecordKey) -> KeyBytes {
    var key = KeyBytes(workflow)
    key.add(execution.rawValue)
    return key
  }
}

/// The arrows between the states of an execution: every transition goes through these, so that record,
/// indexes and counts never part.
extension WriteTransaction {
  /// running or due → due at `until`.
  mutating func park(
    _ key: RecordKey, _ record: inout ExecutionRecord, until: Timestamp, reason: String?
  ) throws(StoreError) {
    try leave(key, record)
    let old = record.status
    record.status = record.startedAt == nil ? .queued : .waiting
    record.due = until
    record.reason = reason
    try putIndex(.due, DueKey.make(key, record, at: until))
    try put(.executions, KeyBytes(key), record)
    count(record, from: old)
    if until != .distantFuture { tellDue(until) }
  }

  /// Any state that is not final → a final one. A strand tells its owner instead of the world.
  mutating func end(_ key: RecordKey, _ record: inout ExecutionRecord, _ ending: Ending) throws(StoreError) {
    guard record.strand == nil else { return try endStrand(key, &record, ending) }
    try leave(key, record)
    try stopListening(key, &record)
    let old = record.status
    record.status = ending.status
    record.failure = ending.failure
    record.resumeAt = ending.resumeAt
    record.finishedAt = ending.at
    record.due = nil
    record.reason = nil
    record.ends += 1
    if !record.lanes.isEmpty { try leaveLanes(key, &record) }
    try put(.executions, KeyBytes(key), record)
    try index(key, record)
    state.count(from: old, to: record.status)
    tallies.count(workflow: record.workflow, ended: record.status)
    try announce(key, record, ending)
    tell(.ended(key, record.status))
    if record.hasParent { try wakeParent(of: key, record.status, now: ending.at) }
  }

  /// Counts a change of status. Strands count as a part of their execution.
  mutating func count(_ record: ExecutionRecord, from old: ExecutionStatus?) {
    if record.strand == nil { state.count(from: old, to: record.status) }
  }

  /// Takes the execution out of `running` or `due`.
  mutating func leave(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    if record.status == .running {
      try delete(.running, KeyBytes(key))
    } else if let due = record.due {
      try delete(.due, DueKey.make(key, record, at: due))
    }
  }

  /// Puts the entries that lists of ended executions are read from.
  mutating func index(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    try putIndex(.byWorkflow, WorkflowKey.make(record.workflow, key))
    for entry in StatusClass.classes(of: record) { try putIndex(.byStatus, entry.key(key)) }
    if record.isDeadLetter { state.deadLetters += 1 }
  }

  /// Takes them away again.
  mutating func unindex(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    try delete(.byWorkflow, WorkflowKey.make(record.workflow, key))
    for entry in StatusClass.classes(of: record) { try delete(.byStatus, entry.key(key)) }
    if record.isDeadLetter { state.deadLetters -= 1 }
  }

  private mutating func announce(_ key: RecordKey, _ record: ExecutionRecord, _ ending: Ending)
    throws(StoreError)
  {
    var summary = ending.summary
    if summary == nil, let payloads = summaries { summary = try snapshot.summary(of: key, record, payloads) }
    guard var summary else { return }
    summary.end = record.ends
    try appendOutbox(.end(summary))
  }

  /// Gives `content` the next number of the outbox.
  mutating func appendOutbox(_ content: OutboxEntry.Content) throws(StoreError) {
    state.outboxLast += 1
    let number = state.outboxLast
    try append(.outbox, KeyBytes(number), OutboxEntry(first: number, last: number, content: content))
    state.outboxBytes += lastRecordBytes
    tellOutbox()
  }
}

extension Snapshot {
  /// The summary of an execution that has just ended: as far as it can be read, since an end must not
  /// fail for a damaged step or event.
  func summary(
    of key: RecordKey, _ record: ExecutionRecord, _ payloads: StoreConfiguration.Payloads
  ) throws(StoreError) -> ExecutionSummary {
    var summary = ExecutionSummary(key: key, record: record)
    let isFailure = record.status == .failed
    do throws(StoreError) {
      guard let event = try eventRecord(record.event) else { return summary }
      summary.eventType = event.type
      if isFailure || payloads == .all {
        summary.steps = try journal(of: key).map(ExecutionSummary.Step.init)
      }
      guard payloads == .all || payloads == .failed && isFailure else { return summary }
      summary.errorMessage = record.failure?.message
      if event.bodySize <= StoreLimits.summaryPayload { summary.payload = try self.event(record.event)?.body }
    } catch .damaged {
      return summary
    }
    return summary
  }
}

extension ExecutionSummary {
  /// The facts of the end in `record`.
  init(key: RecordKey, record: ExecutionRecord) {
    self.init(
      execution: key, workflow: record.workflow, version: record.version, hook: record.hook,
      event: record.event, status: record.status, createdAt: record.createdAt,
      startedAt: record.startedAt, finishedAt: record.finishedAt ?? record.createdAt,
      attempts: record.totalAttempts, errorCode: record.failure?.code)
  }
}

extension ExecutionSummary.Step {
  init(_ entry: JournalEntry) {
    let duration = entry.finishedAt.map { ($0 - entry.startedAt).wholeMilliseconds } ?? 0
    self.init(
      id: entry.name, status: entry.status, attempts: entry.attempts, durationMs: Int(max(0, duration)),
      httpStatus: entry.last?.status ?? entry.failure?.status)
  }
}
