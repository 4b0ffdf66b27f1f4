package import RelayModel

/// Keeps a refused request in its hook's ring, in place of the oldest where the ring is full.
package struct Reject: Transition {
  package var record: RejectedRecord
  package var now: Timestamp

  package init(record: RejectedRecord, now: Timestamp) {
    self.record = record
    self.now = now
  }

  package var weight: Int { record.request.body.count + record.request.headers.storage.count + 512 }
  package var needsRoom: Bool { true }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> RecordKey {
    while try transaction.snapshot.rejectedCount(of: record.hook, atLeast: StoreLimits.rejectedPerHook) {
      guard let oldest = try transaction.snapshot.oldestRejected(of: record.hook) else { break }
      try transaction.deleteRejected(oldest, hook: record.hook)
    }
    while transaction.state.rejectedBytes > StoreLimits.rejectedBytes {
      guard let oldest = try transaction.snapshot.oldestRejected() else { break }
      try transaction.deleteRejected(oldest.key, hook: oldest.hook)
    }
    let key = transaction.nextKey(at: now)
    try transaction.append(.rejected, KeyBytes(key), record)
    transaction.state.rejectedBytes += transaction.lastRecordBytes
    transaction.state.rejected += 1
    try transaction.putIndex(.rejectedByHook, WorkflowKey.make(record.hook, key))
    transaction.tallies.count(hook: record.hook) { $0.rejected += 1 }
    return key
  }
}

/// Accepts a refused request after all, as of the time it came: takes it from the ring and enqueues it
/// in one commit. Nil when it is not in the ring any more.
package struct Readmit: Transition {
  package var rejected: RecordKey
  package var enqueue: Enqueue

  package init(rejected: RecordKey, enqueue: Enqueue) {
    self.rejected = rejected
    self.enqueue = enqueue
  }

  package var weight: Int { enqueue.weight }
  package var needsRoom: Bool { true }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> EnqueueAnswer? {
    guard let record: RejectedRecord = try transaction.snapshot.record(.rejected, KeyBytes(rejected)) else {
      return nil
    }
    try transaction.deleteRejected(rejected, hook: record.hook)
    return try enqueue.apply(&transaction)
  }
}

extension Snapshot {
  /// True when the hook's ring holds at least `limit` requests.
  func rejectedCount(of hook: String, atLeast limit: Int) throws(StoreError) -> Bool {
    let cursor = try cursor(.rejectedByHook)
    let prefix = KeyBytes(hook)
    var entry = try cursor.seek(prefix)
    var count = 0
    while let found = entry, found.starts(with: prefix) {
      count += 1
      if count >= limit { return true }
      entry = try cursor.next()
    }
    return false
  }

  func oldestRejected(of hook: String) throws(StoreError) -> RecordKey? {
    let prefix = KeyBytes(hook)
    guard let entry = try cursor(.rejectedByHook).seek(prefix), entry.starts(with: prefix) else {
      return nil
    }
    return entry.recordKey(at: prefix.count)
  }

  /// The oldest of all hooks. A damaged one has no hook that could be read.
  func oldestRejected() throws(StoreError) -> (key: RecordKey, hook: String?)? {
    guard let entry = try cursor(.rejected).first() else { return nil }
    let key = entry.recordKey()
    do throws(StoreError) {
      let record: RejectedRecord = try decode(entry, .rejected)
      return (key, record.hook)
    } catch {
      return (key, nil)
    }
  }
}

extension WriteTransaction {
  mutating func deleteRejected(_ key: RecordKey, hook: String?) throws(StoreError) {
    let bytes = try snapshot.storedBytes(.rejected, KeyBytes(key))
    if try delete(.rejected, KeyBytes(key)) {
      state.rejected -= 1
      state.rejectedBytes -= bytes
    }
    if let hook { try delete(.rejectedByHook, WorkflowKey.make(hook, key)) }
  }
}
