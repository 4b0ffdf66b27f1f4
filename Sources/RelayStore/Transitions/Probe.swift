/// Writes what stands there already, to see whether the disk has room again.
struct Probe: Transition {
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(.meta, MetaKey.state, transaction.state)
  }
}
