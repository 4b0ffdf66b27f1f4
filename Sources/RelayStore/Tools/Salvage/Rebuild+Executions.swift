internal import RelayModel

extension Rebuild {
  mutating func rebuildEvents() throws(StoreError) {
    try each(.events, "the event or its body is damaged") { rebuild, transaction, bytes in
      let key = bytes.recordKey
      rebuild.state.see(key)
      guard transaction.snapshot.isWhole(key) else { return false }
      rebuild.state.events += 1
      return true
    }
    try each(.bodies, "a piece of an event that is not there") { _, transaction, bytes throws(StoreError) in
      try transaction.snapshot.contains(.events, KeyBytes(bytes.recordKey))
    }
  }

  mutating func rebuildExecutions() throws(StoreError) {
    try each(.executions, "the execution or its event is damaged") {
      rebuild, transaction, bytes throws(StoreError) in
      let key = bytes.recordKey
      rebuild.state.see(key)
      let found = transaction.snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self)
      guard let record = found,
        let event = transaction.snapshot.believed(.events, KeyBytes(record.event), as: EventHeader.self)
      else { return false }
      try rebuild.place(key, record, event.record, &transaction)
      return true
    }
  }

  /// Puts an execution where its record says that it stands.
  private mutating func place(
    _ key: RecordKey, _ known: ExecutionRecord, _ event: EventRecord, _ transaction: inout WriteTransaction
  ) throws(StoreError) {
    var record = known
    record.pinned = transaction.snapshot.believed(.requests, KeyBytes(key), as: KeptRequest.self) != nil
    record.hasParent = transaction.snapshot.believed(.parents, KeyBytes(key), as: ParentLink.self) != nil
    record.listens =
      !record.status.isFinal
      && transaction.snapshot.believed(.waits, KeyBytes(key), as: WaitRecord.self) != nil
    switch record.status {
    case .running: try transaction.putIndex(.running, KeyBytes(key))
    case .queued, .waiting:
      let due = record.due ?? now
      record.due = due
      try transaction.putIndex(.due, DueKey.make(key, record, at: due))
    case .succeeded, .failed, .cancelled:
      if record.strand == nil { try transaction.index(key, record) }
    }
    if record != known { try transaction.put(.executions, KeyBytes(key), record) }
    if let place = record.strand { return try transaction.putIndex(.strands, StrandKey.make(place, key)) }
    if !event.executionKeys(of: record.event).contains(key) {
      var link = KeyBytes(record.event)
      link.add(key.rawValue)
      try transaction.putIndex(.byEvent, link)
    }
    state.count(from: nil, to: record.status)
    if record.isDeadLetter { state.deadLetters += 1 }
  }

  mutating func rebuildSteps() throws(StoreError) {
    try eachOfExecution(.journal, as: JournalEntry.self)
    try eachOfExecution(.attempts, as: AttemptRecord.self)
    try eachOfExecution(.requests, as: KeptRequest.self)
    try eachOfExecution(.parents, as: ParentLink.self)
  }

  /// Puts each wait under what it waits for.
  mutating func rebuildWaits() throws(StoreError) {
    try each(.waits, "it is damaged, or its execution does not wait") {
      rebuild, transaction, bytes throws(StoreError) in
      let (key, now) = (bytes.recordKey, rebuild.now)
      let execution = transaction.snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self)
      guard execution?.listens == true,
        let wait = transaction.snapshot.believed(.waits, KeyBytes(key), as: WaitRecord.self)
      else { return false }
      try transaction.enter(key, wait)
      if case .run(let child) = wait.subject, wait.outcome == nil {
        let ran = transaction.snapshot.believed(.executions, KeyBytes(child), as: ExecutionRecord.self)
        if ran?.status.isFinal != false {
          // Nobody else would wake it.
          let status = ran?.status ?? .cancelled
          try transaction.wake(key, .ended(status), reason: "the workflow that it ran has ended", now: now)
        }
      }
      return true
    }
  }

  private mutating func eachOfExecution<R: StoredRecord>(
    _ database: Database, as type: R.Type
  ) throws(StoreError) {
    try each(database, "it is damaged, or its execution is not there") {
      _, transaction, bytes throws(StoreError) in
      var key = KeyBytes()
      key.add(bytes)
      guard try transaction.snapshot.contains(.executions, KeyBytes(bytes.recordKey)) else { return false }
      return transaction.snapshot.believed(database, key, as: type) != nil
    }
  }
}

extension Snapshot {
  /// True where an event and its body can be read.
  fileprivate func isWhole(_ key: RecordKey) -> Bool {
    do throws(StoreError) {
      return try event(key) != nil
    } catch {
      return false
    }
  }
}

extension [UInt8] {
  /// The record key that a key begins with.
  var recordKey: RecordKey {
    RecordKey(rawValue: prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }
}
