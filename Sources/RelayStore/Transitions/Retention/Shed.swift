package import RelayModel

/// Deletes the oldest of what nobody waits for, before retention would, a bounded number at a time: executions
/// that succeeded or were cancelled, and dead letters that were discarded, each with its event where nobody else
/// needs it. What has not ended, dead letters that wait for somebody, and marks against duplicates stay.
package struct Shed: Transition {
  package var after: RecordKey
  /// Records visited in this commit.
  package var limit: Int

  package init(after: RecordKey = RecordKey(rawValue: 0), limit: Int = 500) {
    self.after = after
    self.limit = limit
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> ShedAnswer {
    var answer = ShedAnswer()
    let newest = RecordKey(rawValue: .max)
    let keys = try transaction.snapshot.keys(.executions, after: after, below: newest, limit: limit)
    for key in keys {
      guard let record = try transaction.believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
        record.status.isFinal, record.strand == nil, !record.isDeadLetter
      else { continue }
      try transaction.deleteExecution(key, record)
      answer.executions += 1
      if try transaction.deleteEventWithoutExecutions(record.event) { answer.events += 1 }
    }
    answer.next = keys.count < limit ? nil : keys.last
    return answer
  }
}

/// What one step of shedding deleted.
package struct ShedAnswer: Sendable, Hashable {
  package var executions = 0
  package var events = 0
  /// Where to go on; nil at the end.
  package var next: RecordKey?

  package init() {}
}
