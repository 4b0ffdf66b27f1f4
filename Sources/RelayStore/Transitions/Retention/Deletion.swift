internal import RelayModel

extension Snapshot {
  /// Record keys above `after` and below `bound`, rising.
  func keys(_ database: Database, after: RecordKey, below bound: RecordKey, limit: Int) throws(StoreError)
    -> [RecordKey]
  {
    var keys: [RecordKey] = []
    let cursor = try cursor(database)
    var entry = try cursor.seek(KeyBytes(after.rawValue &+ 1))
    while let found = entry, found.recordKey() < bound, keys.count < limit {
      keys.append(found.recordKey())
      entry = try cursor.next()
    }
    return keys
  }

  /// Whole keys that begin with `prefix`.
  func keys(_ database: Database, prefix: KeyBytes) throws(StoreError) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    let cursor = try cursor(database)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix) {
      keys.append(found.bytes(0..<found.keyCount))
      entry = try cursor.next()
    }
    return keys
  }

  /// The marks from `start` on whose event is older than `bound`; a damaged one counts as old. `next` is
  /// nil at the end.
  func marks(from start: KeyBytes, before bound: RecordKey, visits: Int) throws(StoreError)
    -> (expired: [KeyBytes], next: [UInt8]?)
  {
    var expired: [KeyBytes] = []
    var visited = 0
    let cursor = try cursor(.dedupe)
    var entry = try cursor.seek(start)
    while let found = entry {
      guard visited < visits else { return (expired, found.bytes(0..<found.keyCount)) }
      visited += 1
      if try isExpired(found, bound), let key = found.wholeKey { expired.append(key) }
      entry = try cursor.next()
    }
    return (expired, nil)
  }

  private func isExpired(_ entry: Entry, _ bound: RecordKey) throws(StoreError) -> Bool {
    do throws(StoreError) {
      let value: DedupeValue = try decode(entry, .dedupe)
      return value.event < bound
    } catch .damaged {
      return true
    }
  }

  func hasExecutions(_ event: RecordKey, _ record: EventRecord) throws(StoreError) -> Bool {
    for execution in record.executionKeys(of: event) where try contains(.executions, KeyBytes(execution)) {
      return true
    }
    if try isAwaited(event) { return true }
    return try !laterExecutions(of: event).isEmpty
  }
}

extension WriteTransaction {
  /// Deletes an ended execution with all that is known of it.
  mutating func deleteExecution(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    try unindex(key, record)
    if record.forks { try deleteForks(KeyBytes(key)) }
    try deleteAll(.journal, prefix: KeyBytes(key))
    try deleteAll(.attempts, prefix: KeyBytes(key))
    try delete(.requests, KeyBytes(key))
    if record.hasParent { try delete(.parents, KeyBytes(key)) }
    var link = KeyBytes(record.event)
    link.add(key.rawValue)
    try delete(.byEvent, link)
    try delete(.executions, KeyBytes(key))
    state.count(from: record.status, to: nil)
  }

  /// Deletes an event that nobody needs any more; its dedupe mark stays. False where somebody does.
  mutating func deleteEventWithoutExecutions(_ key: RecordKey) throws(StoreError) -> Bool {
    guard let header = try believed(.events, KeyBytes(key), as: EventHeader.self),
      try !snapshot.hasExecutions(key, header.record)
    else { return false }
    if header.inlineBody == nil { try deleteAll(.bodies, prefix: KeyBytes(key)) }
    try delete(.events, KeyBytes(key))
    state.events -= 1
    return true
  }

  /// Deletes every entry whose key begins with `prefix`.
  mutating func deleteAll(_ database: Database, prefix: KeyBytes) throws(StoreError) {
    for bytes in try snapshot.keys(database, prefix: prefix) {
      var key = KeyBytes()
      key.add(bytes)
      try delete(database, key)
    }
  }
}
