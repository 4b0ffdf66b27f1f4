internal import RelayModel

extension Checker {
  mutating func checkSmallRecords(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.rejected, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey()
      checker.seen.see(key)
      checker.seen.rejected += 1
      checker.seen.rejectedBytes += try snapshot.storedBytes(.rejected, KeyBytes(key))
      guard let record: RejectedRecord = try checker.read(entry, .rejected, snapshot) else { return }
      if try !snapshot.contains(.rejectedByHook, WorkflowKey.make(record.hook, key)) {
        checker.found(.rejected, entry, "it is not listed under its hook")
      }
    }
    try walk(.rejectedByHook, snapshot) { checker, snapshot, entry throws(StoreError) in
      let isKnown = try snapshot.contains(.rejected, KeyBytes(entry.recordKey(at: entry.keyCount - 8)))
      if !isKnown { checker.found(.rejectedByHook, entry, "its request is not stored") }
    }
    try walk(.versions, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard let version: WorkflowVersion = try checker.read(entry, .versions, snapshot) else { return }
      var index = VersionKey.prefix(name: version.name, hash: version.hash)
      index.add(version.number)
      guard UInt64(version.number) == entry.number(), try snapshot.contains(.versionsByHash, index) else {
        return checker.found(.versions, entry, "it stands under another number, or under no hash")
      }
    }
    try walk(.versionsByHash, snapshot) { checker, snapshot, entry throws(StoreError) in
      let number = entry.number32(at: entry.keyCount - 4)
      if try snapshot.version(number) == nil {
        checker.found(.versionsByHash, entry, "its version is not stored")
      }
    }
    try readAll(.breakers, snapshot, as: BreakerRecord.self)
    try readAll(.starts, snapshot, as: StartLog.self)
    try readAll(.secrets, snapshot, as: SealedSecret.self)
    try readAll(.tokens, snapshot, as: TokenRecord.self)
    try readAll(.audit, snapshot, as: AuditRecord.self)
    seen.audit = snapshot.count(.audit)
    try walk(.damaged, snapshot) { checker, _, entry in
      checker.found(
        "damaged", String(decoding: entry.bytes(0..<entry.keyCount), as: UTF8.self),
        "a record was found damaged and set aside", fix: "`petrel compact --offline` leaves it out")
    }
  }

  private mutating func readAll<R: StoredRecord>(
    _ database: Database, _ snapshot: borrowing Snapshot, as type: R.Type
  ) throws(StoreError) {
    try walk(database, snapshot) { checker, snapshot, entry throws(StoreError) in
      _ = try checker.read(entry, database, snapshot, as: type)
    }
  }

  /// Entries tile the numbers from the first that waits to the last that was given.
  mutating func checkOutbox(_ snapshot: borrowing Snapshot) throws(StoreError) {
    let state = try snapshot.state()
    var expected = state.outboxFirst
    try walk(.outbox, snapshot) { checker, snapshot, entry throws(StoreError) in
      let last = entry.number()
      checker.seen.outboxBytes += try snapshot.storedBytes(.outbox, KeyBytes(last))
      guard let record: OutboxEntry = try checker.read(entry, .outbox, snapshot) else {
        expected = last + 1
        return
      }
      if record.last != last || record.first != expected || record.first > record.last {
        checker.found(
          .outbox, entry, "it covers \(record.first)–\(record.last), not what follows \(expected - 1)")
      }
      expected = last + 1
    }
    if expected != state.outboxLast + 1 {
      found("outbox", "\(expected)", "numbers up to \(state.outboxLast) are missing", fix: Self.rebuild)
    }
  }

  mutating func checkState(_ snapshot: borrowing Snapshot) throws(StoreError) {
    let state = try snapshot.state()
    compare("events", state.events, seen.events)
    for status in ExecutionStatus.allCases {
      compare("executions \(status)", state.executions[Int(status.code)], seen.executions[Int(status.code)])
    }
    compare("dead letters", state.deadLetters, seen.deadLetters)
    compare("rejected", state.rejected, seen.rejected)
    compare("rejected bytes", state.rejectedBytes, seen.rejectedBytes)
    compare("audit", state.auditRecords, seen.audit)
    compare("outbox bytes", state.outboxBytes, seen.outboxBytes)
    if seen.highest > state.lastKey {
      found(
        "meta", "state", "a key is above the highest that was given: new ones would meet it",
        fix: Self.rebuild)
    }
  }

  private mutating func compare(_ name: String, _ kept: Int, _ counted: Int) {
    guard kept != counted else { return }
    found("meta", name, "kept as \(kept), counted as \(counted)", fix: Self.rebuild)
  }

  private static let rebuild = "`petrel compact --offline` rebuilds the indexes and counts"
}

extension Entry {
  func matches(_ wanted: KeyBytes) -> Bool { keyCount == wanted.count && starts(with: wanted) }
}
