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
    try transaction.wake(execution, .pretended, reason: "a dry run does not wait", now: now)
  }
}
