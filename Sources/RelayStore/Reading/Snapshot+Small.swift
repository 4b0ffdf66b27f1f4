internal import RelayModel

extension Snapshot {
  /// Entries whose last number is above `after`, in order, at most `limit` and about `bytes`.
  package func outbox(after: UInt64, limit: Int, bytes: Int = 4 << 20) throws(StoreError) -> [OutboxEntry] {
    let base = try state().outboxBase
    let (stored, overflow) = after.addingReportingOverflow(base)
    guard !overflow else { return [] }
    return try storedOutbox(after: stored, limit: limit, bytes: bytes).map { entry in
      OutboxEntry(first: entry.first - base, last: entry.last - base, content: entry.content)
    }
  }

  /// The same in stored numbers.
  func storedOutbox(after: UInt64, limit: Int, bytes: Int = .max) throws(StoreError) -> [OutboxEntry] {
    var entries: [OutboxEntry] = []
    var taken = 0
    let cursor = try cursor(.outbox)
    var entry = try cursor.seek(KeyBytes(after &+ 1))
    while let found = entry, entries.count < limit, taken < bytes {
      taken += found.valueCount
      entries.append(try decode(found, .outbox))
      entry = try cursor.next()
    }
    return entries
  }

  package func outboxState() throws(StoreError) -> OutboxState { try state().outbox }

  func state() throws(StoreError) -> StoreState {
    guard let state: StoreState = try record(.meta, MetaKey.state) else {
      throw damaged(.meta, MetaKey.state)
    }
    return state
  }

  /// The kept counts.
  package func counters() throws(StoreError) -> StoreCounters {
    let state = try state()
    let tallies = try Tallies(self)
    var executions: [ExecutionStatus: Int] = [:]
    for status in ExecutionStatus.allCases { executions[status] = state.executions[Int(status.code)] }
    return StoreCounters(
      events: state.events, executions: executions, deadLetters: state.deadLetters, rejected: state.rejected,
      damaged: state.damaged, hooks: tallies.hooks, workflows: tallies.workflows)
  }

  package func breakers() throws(StoreError) -> [(destination: String, record: BreakerRecord)] {
    try named(.breakers).map { (destination: $0.name, record: $0.record) }
  }

  package func secret(_ name: String) throws(StoreError) -> SealedSecret? {
    try record(.secrets, KeyBytes(name))
  }

  package func secrets() throws(StoreError) -> [(name: String, secret: SealedSecret)] {
    try named(.secrets).map { (name: $0.name, secret: $0.record) }
  }

  package func tokens() throws(StoreError) -> [TokenRecord] { try named(.tokens).map { $0.record } }

  /// Audit records below `before`, the newest first.
  package func audit(before: UInt64?, limit: Int) throws(StoreError) -> (items: [AuditRecord], next: UInt64?)
  {
    var items: [AuditRecord] = []
    let cursor = try cursor(.audit)
    var entry = try cursor.seek(before: KeyBytes(before ?? .max))
    var last: UInt64?
    while let found = entry {
      guard items.count < limit else { return (items, last) }
      last = found.number(at: 0)
      items.append(try decode(found, .audit))
      entry = try cursor.previous()
    }
    return (items, nil)
  }

  /// What a stored record takes, pieces included.
  func storedBytes(_ database: Database, _ key: KeyBytes) throws(StoreError) -> Int {
    guard let value = try unsafe value(database, key) else { return 0 }
    let read = unsafe key.withBytes { unsafe RecordReader(record: value, key: $0) }
    guard var reader = read, reader.version & Pieces.mark != 0 else { return value.count }
    _ = reader.number(UInt16.self)
    return reader.int() + RecordWriter.frame
  }

  private func named<R: StoredRecord>(_ database: Database) throws(StoreError) -> [(name: String, record: R)]
  {
    var items: [(name: String, record: R)] = []
    let cursor = try cursor(database)
    var entry = try cursor.first()
    while let found = entry {
      let name = found.name()
      items.append((name, try decode(found, database)))
      entry = try cursor.next()
    }
    return items
  }
}

/// Names in `meta`.
enum MetaKey {
  static let format = KeyBytes("format")
  static let tag = KeyBytes("tag")
  static let state = KeyBytes("state")
  static let backup = KeyBytes("backup")
}
