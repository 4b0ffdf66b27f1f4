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

/// Lets an execution go on while its branches are under way.
struct CloseForkEarly: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.changeFork { (transaction, fork) throws(StoreError) in
      guard var owner = try transaction.snapshot.execution(fork.owner), owner.due == .distantFuture else {
        return
      }
      fork.open = 0
      try transaction.wake(fork.owner, &owner, now: .epoch)
    }
  }
}

/// Lets the turn that began last begin once more.
struct BeginTurnAgain: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.changeFork { (_, fork) throws(StoreError) in fork.next = max(fork.next, 1) - 1 }
  }
}

extension WriteTransaction {
  /// Changes how the branches stand that were begun first, of all executions.
  fileprivate mutating func changeFork(
    _ change: (inout WriteTransaction, inout ForkRecord) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let strand = try snapshot.strands(KeyBytes()).first,
      let place = try snapshot.execution(strand)?.strand,
      var fork = try snapshot.fork(of: place.root, at: place.block)
    else { return }
    try change(&self, &fork)
    try put(.forks, KeyBytes(place.root, place.block), fork)
  }
}
