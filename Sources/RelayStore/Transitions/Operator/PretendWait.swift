package import RelayModel

/// Ends the wait of an execution as if what it waits for had come: for a dry run, where nothing comes. False
/// where it waits for nothing.
package struct PretendWait: Transition {
  package var execution: RecordKey
  package var now: Timestamp

  package init(execution: RecordKey, now: Timestamp) {
    self.execution = execution
    self.now = now
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    var hasWoken = false
    for key in try [execution] + transaction.snapshot.strands(KeyBytes(execution)) {
      guard try transaction.snapshot.child(of: key) == nil else { continue }
      if try transaction.wake(key, .pretended, reason: "a dry run does not wait", now: now) {
        hasWoken = true
      }
    }
    return hasWoken
  }
}
