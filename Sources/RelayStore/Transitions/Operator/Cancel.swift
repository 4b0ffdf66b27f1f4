package import RelayModel

/// Cancels an execution that has not ended, with those that it has started and waits for. One that runs is fenced: its outcome will be stale.
package struct Cancel: Transition {
  package var execution: RecordKey
  package var now: Timestamp

  package init(execution: RecordKey, now: Timestamp) {
    self.execution = execution
    self.now = now
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> CancelAnswer {
    guard var record: ExecutionRecord = try transaction.snapshot.record(.executions, KeyBytes(execution)),
      record.strand == nil
    else {
      return .notFound
    }
    guard !record.status.isFinal else { return .ended(record.status) }
    let children = try transaction.snapshot.children(of: execution, record)
    record.revision += 1
    try transaction.unpin(execution, &record)
    try transaction.cancelStrands(execution, &record, now: now)
    try transaction.end(execution, &record, Ending(status: .cancelled, resumeAt: record.position, at: now))
    transaction.tell(.cancelled(execution, revision: record.revision))
    for child in children { _ = try Cancel(execution: child, now: now).apply(&transaction) }
    return .cancelled
  }
}

package enum CancelAnswer: Sendable, Hashable {
  case cancelled
  /// It had ended already.
  case ended(ExecutionStatus)
  case notFound
}
