package import RelayModel

/// Takes what is due, the highest priority and then the earliest first, and counts each one's next
/// attempt: when this is answered, the attempts may be made. It takes fewer where their bodies together are
/// over `StoreLimits.claimBytes`, and of those that have two crashes behind them only the first: the others
/// follow one after another, as after a `Recover`.
package struct Claim: Transition {
  package var now: Timestamp
  package var held: Int
  package var limit: Int

  /// The caller holds `held` permits, and gives back those that the answer leaves unused. Up to `limit`
  /// executions are taken: for those beyond the held ones a permit is taken as each is found, so that none is
  /// kept from what comes in meanwhile.
  package init(now: Timestamp, held: Int, limit: Int) {
    self.now = now
    self.held = held
    self.limit = limit
  }

  /// The caller holds a permit for each.
  package init(now: Timestamp, limit: Int) { self.init(now: now, held: limit, limit: limit) }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> [StartedExecution] {
    let most = min(limit, held + max(transaction.permits.available, 0))
    let found = try transaction.snapshot.dueEntries(at: now, limit: most)
    if !found.isEmpty { transaction.learn(engineClock: now) }
    var started: [StartedExecution] = []
    started.reserveCapacity(found.count)
    var events = EventCache()
    var bytes = 0
    var suspects = 0
    var permits = held
    for entry in found {
      guard bytes < StoreLimits.claimBytes else { break }
      if permits == 0 {
        guard transaction.takePermit() else { break }
        permits = 1
      }
      guard let execution = try transaction.claim(entry, &events, &suspects, now: now) else { continue }
      permits -= 1
      bytes += execution.event.body.count
      started.append(execution)
    }
    if started.count >= held, permits > 0 { transaction.returnPermit() }
    return started
  }
}

/// One entry of `due`.
struct DueEntry {
  var band: UInt8
  var due: Timestamp
  var execution: RecordKey

  var key: KeyBytes {
    var key = DueKey.start(of: band)
    key.add(UInt64(clamping: due.milliseconds))
    key.add(execution.rawValue)
    return key
  }
}

/// The event last read: executions of one event often follow each other.
struct EventCache {
  private var last: StoredEvent?

  mutating func event(_ key: RecordKey, _ snapshot: borrowing Snapshot) throws(StoreError) -> StoredEvent? {
    if let last, last.key == key { return last }
    last = try snapshot.event(key)
    return last
  }
}

extension Snapshot {
  /// What is due at `now`, in the order of claiming.
  func dueEntries(at now: Timestamp, limit: Int) throws(StoreError) -> [DueEntry] {
    var found: [DueEntry] = []
    let cursor = try cursor(.due)
    var band: UInt8 = 0
    while band < DueKey.bands, found.count < limit {
      var entry = try cursor.seek(DueKey.start(of: band))
      guard let head = entry, let parts = DueKey.parts(head) else { break }
      band = parts.band
      while let next = entry, let parts = DueKey.parts(next), parts.band == band,
        parts.due <= now, found.count < limit
      {
        found.append(DueEntry(band: parts.band, due: parts.due, execution: parts.execution))
        entry = try cursor.next()
      }
      band += 1
    }
    return found
  }
}

extension WriteTransaction {
  /// Moves one entry from `due` to `running`. Nil where the execution or its event cannot be
  /// believed, or says otherwise: the entry goes, so that it does not come up again and again. Nil too where
  /// it is put off behind the suspect before it.
  fileprivate mutating func claim(
    _ entry: DueEntry, _ events: inout EventCache, _ suspects: inout Int, now: Timestamp
  ) throws(StoreError) -> StartedExecution? {
    let key = KeyBytes(entry.execution)
    try delete(.due, entry.key)
    guard var record = try believed(.executions, key, as: ExecutionRecord.self),
      record.due == entry.due, !record.status.isFinal
    else { return nil }
    if record.isSuspect {
      suspects += 1
      if suspects > 1 {
        let turn = now + StoreLimits.suspectSpacing * (suspects - 1)
        try park(entry.execution, &record, until: turn, reason: record.reason)
        return nil
      }
    }
    let old = record.status
    guard let event = try believedEvent(record.event, &events) else {
      try failDamaged(entry.execution, &record, now: now)
      return nil
    }
    if !record.lanes.isEmpty, try !beginAfterQuiet(entry.execution, &record) { return nil }
    if record.listens { try closeWait(entry.execution, now: now) }
    record.start(at: now)
    try put(.executions, key, record)
    try putIndex(.running, key)
    count(record, from: old)
    return StartedExecution(key: entry.execution, record: record, event: event)
  }
}
