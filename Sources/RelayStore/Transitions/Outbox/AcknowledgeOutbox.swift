/// Deletes what upstream has acknowledged, at most `limit` entries a commit. Answers how the outbox
/// stands; go on while `first` is not beyond what was acknowledged.
package struct AcknowledgeOutbox: Transition {
  package var upTo: UInt64
  package var limit: Int

  package init(upTo: UInt64, limit: Int = 2000) {
    self.upTo = upTo
    self.limit = limit
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> OutboxState {
    let base = transaction.state.outboxBase
    let goal = min(upTo.addingReportingOverflow(base).partialValue, transaction.state.outboxLast)
    for (last, bytes) in try transaction.snapshot.outboxEnds(upTo: goal, limit: limit) {
      try transaction.delete(.outbox, KeyBytes(last))
      transaction.state.outboxBytes -= bytes
      transaction.state.outboxFirst = last + 1
    }
    return transaction.state.outbox
  }
}

extension Snapshot {
  /// The oldest entries that end at or before `goal`: last number and stored bytes of each.
  func outboxEnds(upTo goal: UInt64, limit: Int) throws(StoreError) -> [(last: UInt64, bytes: Int)] {
    var ends: [(last: UInt64, bytes: Int)] = []
    let cursor = try cursor(.outbox)
    var entry = try cursor.first()
    while let found = entry, ends.count < limit {
      let last = found.number(at: 0)
      guard last <= goal else { break }
      ends.append((last, try storedBytes(.outbox, KeyBytes(last))))
      entry = try cursor.next()
    }
    return ends
  }
}

extension StoreState {
  var outbox: OutboxState {
    OutboxState(
      epoch: epoch, first: outboxFirst - outboxBase, last: outboxLast - outboxBase, bytes: outboxBytes,
      lost: outboxLost)
  }
}
