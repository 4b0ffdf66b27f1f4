package import RelayModel

/// Begins a new epoch: upstream knows more of this one than we do, because the disk was restored. What
/// waits keeps its order and is numbered from 1.
package struct NewEpoch: Transition {
  /// Random text.
  package var epoch: String

  package init(epoch: String) { self.epoch = epoch }

  /// The text of a new epoch.
  package static func draw(_ random: any RandomSource) -> String {
    Base62.text(random.bits(), width: 11) + Base62.text(random.bits(), width: 11)
  }

  /// The stored numbers go on; what upstream sees is counted from the new base.
  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> OutboxState {
    transaction.state.outboxBase = transaction.state.outboxFirst - 1
    transaction.state.epoch = epoch
    transaction.tellOutbox()
    return transaction.state.outbox
  }
}
