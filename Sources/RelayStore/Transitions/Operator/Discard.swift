package import RelayModel

/// Puts a dead letter aside: it stays among the failed, and is no dead letter any more. False when it
/// is none.
package struct Discard: Transition {
  package var execution: RecordKey

  package init(execution: RecordKey) { self.execution = execution }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    let key = KeyBytes(execution)
    guard var record: ExecutionRecord = try transaction.snapshot.record(.executions, key),
      record.isDeadLetter
    else { return false }
    record.discarded = true
    try transaction.delete(.byStatus, StatusClass.deadLetter.key(execution))
    try transaction.put(.executions, key, record)
    transaction.state.deadLetters -= 1
    return true
  }
}
