package import RelayModel

/// How long what has ended is kept.
package struct Retention: Sendable, Hashable {
  package var succeeded: Duration
  /// Of failed and cancelled executions.
  package var failed: Duration
  /// The longest dedupe window of any hook.
  package var dedupe: Duration

  package init(succeeded: Duration, failed: Duration, dedupe: Duration) {
    self.succeeded = succeeded
    self.failed = failed
    self.dedupe = dedupe
  }

  func keeps(_ record: ExecutionRecord, at now: Timestamp) -> Bool {
    // A strand goes with its execution.
    guard record.status.isFinal, record.strand == nil, let finished = record.finishedAt else { return true }
    return finished + (record.status == .succeeded ? succeeded : failed) > now
  }
}

/// How far a pass over the store has come. A pass visits what is old enough to go: executions, then
/// events that have none left, then dedupe marks, then refused requests.
package enum SweepPosition: Sendable, Hashable {
  case executions(after: RecordKey)
  case events(after: RecordKey)
  case dedupe(after: [UInt8])
  case rejected

  package static let start = SweepPosition.executions(after: RecordKey(rawValue: 0))
}

/// Deletes what retention allows, a bounded number at a time: go on from the answer's `next` until it is
/// nil, and begin again later.
package struct Sweep: Transition {
  package var now: Timestamp
  package var retention: Retention
  package var position: SweepPosition
  /// Records visited in this commit.
  package var limit: Int

  package init(now: Timestamp, retention: Retention, position: SweepPosition = .start, limit: Int = 500) {
    self.now = now
    self.retention = retention
    self.position = position
    self.limit = limit
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> SweepAnswer {
    switch position {
    case .executions(let after): try sweepExecutions(after: after, &transaction)
    case .events(let after): try sweepEvents(after: after, &transaction)
    case .dedupe(let after): try sweepDedupe(after: after, &transaction)
    case .rejected: try sweepRejected(&transaction)
    }
  }

  private func sweepExecutions(after: RecordKey, _ transaction: inout WriteTransaction) throws(StoreError)
    -> SweepAnswer
  {
    let bound = RecordKey(lowestAt: now - min(retention.succeeded, retention.failed))
    var answer = SweepAnswer()
    let keys = try transaction.snapshot.keys(.executions, after: after, below: bound, limit: limit)
    for key in keys {
      guard let record = try transaction.believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
        !retention.keeps(record, at: now)
      else { continue }
      try transaction.deleteExecution(key, record)
      answer.executions += 1
    }
    answer.next =
      keys.count < limit ? .events(after: RecordKey(rawValue: 0)) : .executions(after: keys[limit - 1])
    return answer
  }

  private func sweepEvents(after: RecordKey, _ transaction: inout WriteTransaction) throws(StoreError)
    -> SweepAnswer
  {
    let bound = RecordKey(lowestAt: now - retention.succeeded)
    var answer = SweepAnswer()
    let keys = try transaction.snapshot.keys(.events, after: after, below: bound, limit: limit)
    for key in keys where try transaction.deleteEventWithoutExecutions(key) { answer.events += 1 }
    answer.next = keys.count < limit ? .dedupe(after: []) : .events(after: keys[limit - 1])
    return answer
  }

  /// Marks stand by their hash, so a pass walks all of them: neighbours go together, at a page's cost.
  private func sweepDedupe(after: [UInt8], _ transaction: inout WriteTransaction) throws(StoreError)
    -> SweepAnswer
  {
    let bound = RecordKey(lowestAt: now - retention.dedupe)
    var answer = SweepAnswer()
    var start = KeyBytes()
    start.add(after)
    let page = try transaction.snapshot.marks(from: start, before: bound, visits: limit * 10)
    for key in page.expired {
      try transaction.delete(.dedupe, key)
      answer.dedupe += 1
    }
    answer.next = page.next.map { .dedupe(after: $0) } ?? .rejected
    return answer
  }

  private func sweepRejected(_ transaction: inout WriteTransaction) throws(StoreError) -> SweepAnswer {
    let bound = RecordKey(lowestAt: now - StoreLimits.rejectedAge)
    var answer = SweepAnswer()
    while answer.rejected < limit, let oldest = try transaction.snapshot.oldestRejected(), oldest.key < bound
    {
      try transaction.deleteRejected(oldest.key, hook: oldest.hook)
      answer.rejected += 1
    }
    answer.next = answer.rejected < limit ? nil : .rejected
    return answer
  }
}

/// What one step of a pass deleted.
package struct SweepAnswer: Sendable, Hashable {
  package var executions = 0
  package var events = 0
  package var dedupe = 0
  package var rejected = 0
  /// Where the pass goes on; nil at its end.
  package var next: SweepPosition?

  package init() {}
}
