import RelayModel

@testable import RelayStore

/// Opens a finished execution again, and nobody asked for it.
struct ReopenByItself: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    let ended = try transaction.snapshot.executions(
      ExecutionFilter(statuses: [.succeeded, .failed]), before: nil, limit: 1)
    guard let found = ended.items.first else { return }
    var record = found.record
    try transaction.unindex(found.key, record)
    record.finishedAt = nil
    record.failure = nil
    try transaction.park(found.key, &record, until: record.createdAt, reason: "sabotage")
  }
}

/// Forgets the end that was told last.
struct LoseOutboxEntry: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.delete(.outbox, KeyBytes(transaction.state.outboxLast))
  }
}

/// Takes an ended execution out of its list.
struct LoseIndexEntry: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    let ended = try transaction.snapshot.executions(
      ExecutionFilter(statuses: [.succeeded]), before: nil, limit: 1)
    guard let found = ended.items.first else { return }
    try transaction.delete(.byWorkflow, WorkflowKey.make(found.record.workflow, found.key))
  }
}

/// Counts every death of a running execution once more.
struct CountDeathsTwice: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    for key in try transaction.snapshot.runningKeys() {
      guard var record = try transaction.snapshot.execution(key) else { continue }
      record.crashes += 1
      try transaction.put(.executions, KeyBytes(key), record)
    }
  }
}

/// Takes the outcome of a step out of the journal of an execution that goes on behind it.
struct ForgetOutcome: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    for key in try transaction.snapshot.runningKeys() {
      guard let record = try transaction.snapshot.execution(key) else { continue }
      let over = try transaction.snapshot.journal(of: key).last {
        $0.finishedAt != nil && $0.path < record.position
      }
      guard let over else { continue }
      try transaction.delete(.journal, KeyBytes(key, over.path))
      return
    }
  }
}
