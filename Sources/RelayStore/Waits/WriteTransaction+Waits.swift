package import RelayModel

/// Waits for what others do: begun, woken and over in the commit of whoever does it, so that each has one
/// outcome.
///
/// A wait has a record (`waits`) and, while it has no outcome, an entry under what it waits for
/// (`eventWaits`). An event that woke it is kept (`awaited`) until the execution has gone on.
extension WriteTransaction {
  /// Begins a wait of an execution whose record is about to be put.
  mutating func listen(_ key: RecordKey, _ record: inout ExecutionRecord, _ wait: WaitRecord)
    throws(StoreError)
  {
    try stopListening(key, &record)
    try put(.waits, KeyBytes(key), wait)
    record.listens = true
    try enter(key, wait)
  }

  /// Enters a wait without an outcome under what it waits for.
  mutating func enter(_ key: RecordKey, _ wait: WaitRecord) throws(StoreError) {
    switch (wait.subject, wait.outcome) {
    case (.event(let awaited), nil):
      try putIndex(.eventWaits, awaited.entry(of: key))
      try count(awaited.kind, by: 1)
    case (.event, .event(let event)): try putIndex(.awaited, AwaitedKey.make(event, key))
    case (.event, _), (.approval, _), (.run, _): break
    }
  }

  /// The execution has gone on, or has ended. Its record is about to be put.
  mutating func stopListening(_ key: RecordKey, _ record: inout ExecutionRecord) throws(StoreError) {
    guard record.listens else { return }
    record.listens = false
    guard let wait = try believed(.waits, KeyBytes(key), as: WaitRecord.self) else { return }
    try leave(key, wait)
    try delete(.waits, KeyBytes(key))
  }

  private mutating func leave(_ key: RecordKey, _ wait: WaitRecord) throws(StoreError) {
    switch (wait.subject, wait.outcome) {
    case (.event(let awaited), nil):
      if try delete(.eventWaits, awaited.entry(of: key)) { try count(awaited.kind, by: -1) }
    case (.event, .event(let event)): try delete(.awaited, AwaitedKey.make(event, key))
    case (.event, _), (.approval, _), (.run, _): break
    }
  }

  private mutating func count(_ kind: WaitKind, by step: Int) throws(StoreError) {
    let known = try believed(.waitKinds, kind.place, as: CountedKind.self)
    let counted = CountedKind(kind: kind, waiting: (known?.waiting ?? 0) + step)
    if counted.waiting > 0 {
      try put(.waitKinds, kind.place, counted)
      listening.add(kind)
    } else {
      try delete(.waitKinds, kind.place)
      listening.remove(kind)
    }
  }

  // MARK: Outcomes

  /// Gives the wait of an execution its outcome. False where it has one, or waits no more.
  mutating func settle(_ key: RecordKey, _ outcome: WaitRecord.Outcome) throws(StoreError) -> Bool {
    guard var wait = try believed(.waits, KeyBytes(key), as: WaitRecord.self), wait.outcome == nil else {
      return false
    }
    try leave(key, wait)
    wait.outcome = outcome
    try put(.waits, KeyBytes(key), wait)
    try enter(key, wait)
    return true
  }

  /// An event was accepted: wakes those that wait for it.
  ///
  /// - Parameter known: what the event answered to kinds by their id; an empty answer is none.
  mutating func wake(
    by event: StoredEvent, known: [UInt64: [UInt8]], now: Timestamp
  ) throws(StoreError) {
    for kind in listening[event.record.hook] {
      // Begun after the event was asked, and before it was accepted: asked now.
      let value = known[kind.id] ?? judge?(kind, event.record, event.body) ?? []
      guard value.count == WaitKind.valueBytes else { continue }
      for execution in try snapshot.waiting(AwaitedEvent.prefix(kind, value), limit: StoreLimits.wakes) {
        let id = snapshot.tag.id(.event, event.key)
        try wake(execution, .event(event.key), reason: "the event that it waited for came: \(id)", now: now)
      }
    }
  }

  /// Gives the wait of an execution its outcome, and lets it go on. False where it has one, or waits no more.
  @discardableResult
  mutating func wake(_ key: RecordKey, _ outcome: WaitRecord.Outcome, reason: String, now: Timestamp)
    throws(StoreError) -> Bool
  {
    guard try settle(key, outcome) else { return false }
    // One that was claimed before its time finds it when it is put down.
    guard var record = try believed(.executions, KeyBytes(key), as: ExecutionRecord.self), record.due != nil
    else { return true }
    try park(key, &record, until: dueAtOnce(now), reason: reason)
    return true
  }

  /// It was claimed before its time, what it waits for came meanwhile, and it is to be put down until its
  /// wait is over.
  mutating func hasOutcome(_ key: RecordKey, _ record: ExecutionRecord, by until: Timestamp)
    throws(StoreError) -> Bool
  {
    guard record.listens, let wait = try believed(.waits, KeyBytes(key), as: WaitRecord.self) else {
      return false
    }
    return wait.outcome != nil && until >= wait.deadline
  }

  /// An execution is claimed: where its time to wait is over, nothing comes in time any more.
  mutating func closeWait(_ key: RecordKey, now: Timestamp) throws(StoreError) {
    guard let wait = try believed(.waits, KeyBytes(key), as: WaitRecord.self), wait.outcome == nil,
      now >= wait.deadline
    else { return }
    _ = try settle(key, .timedOut)
  }
}

extension Snapshot {
  /// The executions whose entries in `eventWaits` begin with `prefix`, the oldest first.
  func waiting(_ prefix: KeyBytes, limit: Int) throws(StoreError) -> [RecordKey] {
    var found: [RecordKey] = []
    let cursor = try cursor(.eventWaits)
    var entry = try cursor.seek(prefix)
    while let next = entry, next.starts(with: prefix), found.count < limit {
      found.append(next.recordKey(at: prefix.count))
      entry = try cursor.next()
    }
    return found
  }

  /// What an execution waits for; nil where it waits for nothing but an instant.
  package func wait(of execution: RecordKey) throws(StoreError) -> WaitRecord? {
    try record(.waits, KeyBytes(execution))
  }

  /// An execution was woken by the event, and has not gone on with it.
  func isAwaited(_ event: RecordKey) throws(StoreError) -> Bool {
    let prefix = KeyBytes(event)
    return try cursor(.awaited).seek(prefix)?.starts(with: prefix) ?? false
  }
}
