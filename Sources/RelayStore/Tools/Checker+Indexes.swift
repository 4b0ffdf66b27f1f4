internal import RelayModel

extension Checker {
  mutating func checkIndexes(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.due, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard let parts = DueKey.parts(entry) else { return checker.damaged(Database.due.name, entry.hex) }
      let record = try snapshot.execution(parts.execution)
      if record?.due != parts.due || record?.band != parts.band {
        checker.found(.due, entry, "its execution is not due then")
      }
    }
    try walk(.running, snapshot) { checker, snapshot, entry throws(StoreError) in
      let record = try snapshot.execution(entry.recordKey())
      if record?.status != .running { checker.found(.running, entry, "its execution does not run") }
    }
    try walk(.byStatus, snapshot) { checker, snapshot, entry throws(StoreError) in
      let record = try snapshot.execution(entry.recordKey(at: 1))
      let entryClass = StatusClass(rawValue: entry.byte(at: 0))
      guard let record, let entryClass, StatusClass.classes(of: record).contains(entryClass) else {
        return checker.found(.byStatus, entry, "its execution does not stand so")
      }
    }
    try walk(.byWorkflow, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey(at: entry.keyCount - 8)
      let record = try snapshot.execution(key)
      guard let record, record.status.isFinal, entry.matches(WorkflowKey.make(record.workflow, key)) else {
        return checker.found(.byWorkflow, entry, "its execution is no ended one of this workflow")
      }
    }
    try walk(.byEvent, snapshot) { checker, snapshot, entry throws(StoreError) in
      let record = try snapshot.execution(entry.recordKey(at: 8))
      if record?.event != entry.recordKey() {
        checker.found(.byEvent, entry, "its execution is none of this event")
      }
    }
    try checkDedupe(snapshot)
  }

  private mutating func checkDedupe(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.dedupe, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard let value: DedupeValue = try checker.read(entry, .dedupe, snapshot) else { return }
      checker.seen.see(value.event)
      guard entry.keyCount == 12, value.executions <= StoreLimits.executionsPerEvent else {
        return checker.found(.dedupe, entry, "no mark looks like that")
      }
    }
    for log in [Database.marksEven, .marksOdd] {
      try walk(log, snapshot) { checker, snapshot, entry throws(StoreError) in
        checker.seen.see(entry.recordKey())
        _ = try checker.read(entry, log, snapshot, as: LoggedMark.self)
      }
    }
  }

  /// Pieces of large records, each of which must have an owner.
  mutating func checkPieces(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.pieces, snapshot) { checker, snapshot, entry throws(StoreError) in
      _ = try checker.read(entry, .pieces, snapshot, as: Piece.self)
      var owner = KeyBytes()
      owner.add(entry.bytes(1..<max(1, entry.keyCount - 2)))
      guard let database = Database(rawValue: Int(entry.byte(at: 0))), try snapshot.contains(database, owner)
      else { return checker.found(.pieces, entry, "the record that it is a piece of is not stored") }
    }
  }
}
