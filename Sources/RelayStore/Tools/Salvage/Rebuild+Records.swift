internal import RelayModel

extension Rebuild {
  mutating func rebuildSmallRecords() throws(StoreError) {
    try rebuildVersions()
    try rebuildRejected()
    try eachBelieved(.dedupe, as: DedupeValue.self) { $0.state.see($1.event) }
    for log in [Database.marksEven, .marksOdd] { try eachBelieved(log, as: LoggedMark.self) }
    try eachBelieved(.breakers, as: BreakerRecord.self)
    try eachBelieved(.starts, as: StartLog.self)
    try eachBelieved(.secrets, as: SealedSecret.self)
    try eachBelieved(.tokens, as: TokenRecord.self)
    try eachBelieved(.audit, as: AuditRecord.self) { rebuild, _ in rebuild.state.auditRecords += 1 }
    try each(.counters, "the counter is damaged") { _, transaction, bytes in
      var key = KeyBytes()
      key.add(bytes)
      return bytes.first == Tallies.hookMark
        ? transaction.snapshot.believed(.counters, key, as: HookCounters.self) != nil
        : transaction.snapshot.believed(.counters, key, as: WorkflowCounters.self) != nil
    }
  }

  private mutating func rebuildVersions() throws(StoreError) {
    try each(.versions, "the workflow document is damaged") {
      rebuild, transaction, bytes throws(StoreError) in
      var key = KeyBytes()
      key.add(bytes)
      guard let version = transaction.snapshot.believed(.versions, key, as: WorkflowVersion.self) else {
        return false
      }
      var index = VersionKey.prefix(name: version.name, hash: version.hash)
      index.add(version.number)
      try transaction.putIndex(.versionsByHash, index)
      rebuild.state.lastVersion = max(rebuild.state.lastVersion, version.number)
      return true
    }
  }

  private mutating func rebuildRejected() throws(StoreError) {
    try each(.rejected, "the refused request is damaged") { rebuild, transaction, bytes throws(StoreError) in
      let key = bytes.recordKey
      rebuild.state.see(key)
      guard let record = transaction.snapshot.believed(.rejected, KeyBytes(key), as: RejectedRecord.self)
      else {
        return false
      }
      try transaction.putIndex(.rejectedByHook, WorkflowKey.make(record.hook, key))
      rebuild.state.rejected += 1
      rebuild.state.rejectedBytes += try transaction.snapshot.storedBytes(.rejected, KeyBytes(key))
      return true
    }
  }

  private mutating func eachBelieved<R: StoredRecord>(
    _ database: Database, as type: R.Type, _ see: (inout Rebuild, R) -> Void = { _, _ in }
  ) throws(StoreError) {
    try each(database, "the record is damaged") { rebuild, transaction, bytes in
      var key = KeyBytes()
      key.add(bytes)
      guard let record = transaction.snapshot.believed(database, key, as: type) else { return false }
      see(&rebuild, record)
      return true
    }
  }

  /// Keeps the outbox dense: what is missing is declared lost, in the entry that follows the gap.
  mutating func rebuildOutbox() throws(StoreError) {
    try each(.outbox, "the outbox entry is damaged") { _, transaction, bytes in
      var key = KeyBytes()
      key.add(bytes)
      return transaction.snapshot.believed(.outbox, key, as: OutboxEntry.self) != nil
    }
    var gaps: [OutboxEntry] = []
    var expected = state.outboxFirst
    try each(.outbox, "") { rebuild, transaction, bytes throws(StoreError) in
      let key = KeyBytes(bytes.recordKey.rawValue)
      guard let entry = transaction.snapshot.believed(.outbox, key, as: OutboxEntry.self) else {
        return false
      }
      if entry.first > expected {
        gaps.append(OutboxEntry(first: expected, last: entry.first - 1, content: .lost))
      }
      expected = entry.last + 1
      rebuild.state.outboxBytes += try transaction.snapshot.storedBytes(.outbox, key)
      return true
    }
    if expected <= state.outboxLast {
      gaps.append(OutboxEntry(first: expected, last: state.outboxLast, content: .lost))
    }
    state.outboxLast = max(state.outboxLast, expected - 1)
    try declare(gaps)
  }

  private mutating func declare(_ gaps: [OutboxEntry]) throws(StoreError) {
    for gap in gaps {
      state.outboxLost += gap.last - gap.first + 1
      var bytes = 0
      try write { transaction throws(StoreError) in
        try transaction.put(.outbox, KeyBytes(gap.last), gap)
        bytes = transaction.lastRecordBytes
      }
      state.outboxBytes += bytes
    }
  }

  /// Drops the pieces of records that are not there any more.
  mutating func dropPieces() throws(StoreError) {
    try each(.pieces, "a piece of a record that is not there") { _, transaction, bytes throws(StoreError) in
      guard bytes.count > 3, let database = Database(rawValue: Int(bytes[0])) else { return false }
      var owner = KeyBytes()
      owner.add(Array(bytes[1..<bytes.count - 2]))
      return try transaction.snapshot.contains(database, owner)
    }
  }
}
