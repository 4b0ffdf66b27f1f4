package import RelayModel

/// Makes new executions of an event that was accepted earlier.
package struct Replay: Transition {
  package var event: RecordKey
  package var executions: [NewExecution]
  /// Goes after everything live: for bulk.
  package var background: Bool
  package var now: Timestamp

  package init(event: RecordKey, executions: [NewExecution], background: Bool, now: Timestamp) {
    self.event = event
    self.executions = executions
    self.background = background
    self.now = now
  }

  package var needsRoom: Bool { true }

  /// The new keys; nil when the event is not stored any more.
  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> [RecordKey]? {
    guard let stored = try transaction.snapshot.event(event) else { return nil }
    var keys: [RecordKey] = []
    for execution in executions {
      keys.append(try transaction.admitLater(execution, of: stored, background: background, now: now))
    }
    return keys
  }
}
