internal import RelayModel

extension Checker {
  mutating func checkEvents(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.events, snapshot) { checker, snapshot, entry throws(StoreError) in
      checker.seen.events += 1
      let key = entry.recordKey()
      checker.seen.see(key)
      guard let header: EventHeader = try checker.read(entry, .events, snapshot) else { return }
      if header.inlineBody == nil { _ = try snapshot.event(key) }
      if let body = header.inlineBody, body.count != header.record.bodySize {
        checker.damaged(Database.events.name, entry.hex)
      }
    }
    try walk(.bodies, snapshot) { checker, snapshot, entry throws(StoreError) in
      let isKnown = try snapshot.contains(.events, KeyBytes(entry.recordKey()))
      if !isKnown { checker.found(.bodies, entry, "it is a piece of an event that is not stored") }
    }
  }

  mutating func checkExecutions(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.executions, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey()
      checker.seen.see(key)
      guard let record: ExecutionRecord = try checker.read(entry, .executions, snapshot) else { return }
      if record.strand == nil { checker.seen.executions[Int(record.status.code)] += 1 }
      if record.isDeadLetter { checker.seen.deadLetters += 1 }
      if try !snapshot.contains(.events, KeyBytes(record.event)) {
        checker.found(.executions, entry, "its event is not stored")
      }
      try checker.checkPlace(key, record, entry, snapshot)
      try checker.checkLists(key, record, entry, snapshot)
      try checker.checkTickets(key, record, entry, snapshot)
      if try snapshot.contains(.requests, KeyBytes(key)) != record.pinned {
        checker.found(.executions, entry, "its kept request and its record disagree")
      }
      if try snapshot.contains(.waits, KeyBytes(key)) != record.listens {
        checker.found(.executions, entry, "its wait and its record disagree")
      }
      if try snapshot.contains(.parents, KeyBytes(key)) != record.hasParent {
        checker.found(.executions, entry, "what started it and its record disagree")
      }
    }
  }

  /// What has not ended stands in exactly one of `due` and `running`; what has, in neither.
  private mutating func checkPlace(
    _ key: RecordKey, _ record: ExecutionRecord, _ entry: Entry, _ snapshot: borrowing Snapshot
  ) throws(StoreError) {
    let isRunning = try snapshot.contains(.running, KeyBytes(key))
    if isRunning != (record.status == .running) {
      found(.executions, entry, "it is \(record.status) and \(isRunning ? "" : "not ")among the running")
    }
    let waits = record.status == .queued || record.status == .waiting
    guard waits else {
      if record.due != nil { found(.executions, entry, "it is \(record.status) and due all the same") }
      return
    }
    guard let due = record.due, try snapshot.contains(.due, DueKey.make(key, record, at: due)) else {
      return found(.executions, entry, "it is \(record.status) and never due")
    }
  }

  private mutating func checkLists(
    _ key: RecordKey, _ record: ExecutionRecord, _ entry: Entry, _ snapshot: borrowing Snapshot
  ) throws(StoreError) {
    let listed = try snapshot.contains(.byWorkflow, WorkflowKey.make(record.workflow, key))
    if listed != (record.status.isFinal && record.strand == nil) {
      found(.executions, entry, "it is \(record.status) and \(listed ? "" : "not ")listed as ended")
    }
    let classes = StatusClass.classes(of: record)
    for entryClass in [StatusClass.failed, .cancelled, .deadLetter] {
      let isThere = try snapshot.contains(.byStatus, entryClass.key(key))
      if isThere != classes.contains(entryClass) {
        found(
          .executions, entry, "it is \(record.status) and \(isThere ? "" : "not ")listed as \(entryClass)")
      }
    }
  }

  mutating func checkSteps(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.journal, snapshot) { checker, snapshot, entry throws(StoreError) in
      try checker.checkOwner(.journal, entry, snapshot)
      guard let step: JournalEntry = try checker.read(entry, .journal, snapshot) else { return }
      if step.path.bytes != entry.bytes(8..<entry.keyCount) {
        checker.found(.journal, entry, "it stands under the path of another step")
      }
    }
    try walk(.attempts, snapshot) { checker, snapshot, entry throws(StoreError) in
      try checker.checkOwner(.attempts, entry, snapshot)
      _ = try checker.read(entry, .attempts, snapshot, as: AttemptRecord.self)
    }
    try walk(.requests, snapshot) { checker, snapshot, entry throws(StoreError) in
      try checker.checkOwner(.requests, entry, snapshot)
      _ = try checker.read(entry, .requests, snapshot, as: KeptRequest.self)
    }
  }

  private mutating func checkOwner(_ database: Database, _ entry: Entry, _ snapshot: borrowing Snapshot)
    throws(StoreError)
  {
    let isKnown = try snapshot.contains(.executions, KeyBytes(entry.recordKey()))
    if !isKnown { found(database, entry, "its execution is not stored") }
  }
}
