/// Begins a new epoch: upstream knows more of this one than we do, because the disk was restored. What
/// waits keeps its order and is numbered from 1.
package struct NewEpoch: Transition {
  /// Random text.
  package var epoch: String

  package init(epoch: String) { self.epoch = epoch }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> OutboxState {
    let shift = transaction.state.outboxFirst - 1
    var last = transaction.state.outboxFirst - 1
    while shift > 0, var entry = try transaction.snapshot.outboxEntry(after: last) {
      last = entry.last
      try transaction.delete(.outbox, KeyBytes(entry.last))
      entry.first -= shift
      entry.last -= shift
      try transaction.put(.outbox, KeyBytes(entry.last), entry)
    }
    transaction.state.outboxFirst -= shift
    transaction.state.outboxLast -= shift
    transaction.state.epoch = epoch
    transaction.tellOutbox()
    return transaction.state.outbox
  }
}
