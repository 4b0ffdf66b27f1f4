package import RelayModel

extension Snapshot {
  /// An event with its body; nil when it is not stored any more.
  package func event(_ key: RecordKey) throws(StoreError) -> StoredEvent? {
    guard let header: EventHeader = try record(.events, KeyBytes(key)) else { return nil }
    let body =
      if let inline = header.inlineBody { inline } else { try body(of: key, size: header.record.bodySize) }
    return StoredEvent(key: key, record: header.record, body: body)
  }

  /// An event without its body.
  package func eventRecord(_ key: RecordKey) throws(StoreError) -> EventRecord? {
    let header: EventHeader? = try record(.events, KeyBytes(key))
    return header?.record
  }

  package func execution(_ key: RecordKey) throws(StoreError) -> ExecutionRecord? {
    try record(.executions, KeyBytes(key))
  }

  /// The executions of an event in the order they were made, as far as they are stored.
  package func executionsOf(event key: RecordKey) throws(StoreError) -> [RecordKey] {
    guard let event = try eventRecord(key) else { return [] }
    var found: [RecordKey] = []
    for execution in event.executionKeys(of: key) where try contains(.executions, KeyBytes(execution)) {
      found.append(execution)
    }
    return try found + laterExecutions(of: key)
  }

  /// The executions that were made later than their event.
  func laterExecutions(of event: RecordKey) throws(StoreError) -> [RecordKey] {
    let prefix = KeyBytes(event)
    var found: [RecordKey] = []
    let cursor = try cursor(.byEvent)
    var entry = try cursor.seek(prefix)
    while let link = entry, link.starts(with: prefix) {
      found.append(link.recordKey(at: 8))
      entry = try cursor.next()
    }
    return found
  }

  /// What is recorded of an execution's steps, in document order.
  package func journal(of execution: RecordKey) throws(StoreError) -> [JournalEntry] {
    let prefix = KeyBytes(execution)
    var entries: [JournalEntry] = []
    let cursor = try cursor(.journal)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix) {
      entries.append(try decode(found, .journal))
      entry = try cursor.next()
    }
    return entries
  }

  /// What is recorded from `start` on, in document order, as far as it stands inside `base`.
  func journal(of execution: RecordKey, from start: StepPath, in base: StepPath?) throws(StoreError)
    -> [JournalEntry]
  {
    let prefix = base.map { KeyBytes(execution, $0) } ?? KeyBytes(execution)
    var entries: [JournalEntry] = []
    let cursor = try cursor(.journal)
    var entry = try cursor.seek(KeyBytes(execution, start))
    while let found = entry, found.starts(with: prefix) {
      entries.append(try decode(found, .journal))
      entry = try cursor.next()
    }
    return entries
  }

  /// What is recorded of the steps that a step at `position` can see, of those it stands in, and of itself,
  /// in document order: each list of steps on the way, without what is inside the steps before. It costs
  /// what these cost, however long a loop around `position` has been running.
  package func journal(of execution: RecordKey, leadingTo position: StepPath) throws(StoreError)
    -> [JournalEntry]
  {
    var entries: [JournalEntry] = []
    let cursor = try cursor(.journal)
    for step in position.line {
      var next = step.depth == 1 ? KeyBytes(execution) : KeyBytes(execution, step.first)
      while let found = try cursor.seek(next), found.starts(with: KeyBytes(execution)) {
        guard let path = StepPath(bytes: found.bytes(8..<found.keyCount)) else {
          throw .damaged(database: Database.journal.name, key: found.hex)
        }
        guard path <= step else { break }
        // What lies deeper was left behind by a step that has no entry of its own any more.
        if path.depth == step.depth { entries.append(try decode(found, .journal)) }
        next = KeyBytes(execution, path.line[step.depth - 1].next)
      }
    }
    return entries
  }

  /// The outputs of the steps at `paths` as JSON text; nil for null, and where nothing is recorded.
  package func outputs(of execution: RecordKey, at paths: [StepPath]) throws(StoreError) -> [[UInt8]?] {
    var outputs: [[UInt8]?] = []
    outputs.reserveCapacity(paths.count)
    let cursor = try cursor(.journal)
    for path in paths {
      let key = KeyBytes(execution, path)
      guard let found = try cursor.seek(key), found.keyCount == key.count, found.starts(with: key) else {
        outputs.append(nil)
        continue
      }
      let entry: JournalEntry = try decode(found, .journal)
      outputs.append(entry.output)
    }
    return outputs
  }

  /// Every attempt that is kept, by step and in order: those that ended their step too.
  package func attempts(of execution: RecordKey) throws(StoreError) -> [StepAttempt] {
    let prefix = KeyBytes(execution)
    var attempts: [StepAttempt] = []
    let cursor = try cursor(.attempts)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix) {
      let path = StepPath(bytes: found.bytes(8..<max(8, found.keyCount - 4)))
      guard let path else { throw .damaged(database: Database.attempts.name, key: found.hex) }
      attempts.append(StepAttempt(path: path, attempt: try decode(found, .attempts)))
      entry = try cursor.next()
    }
    for step in try journal(of: execution) {
      if let last = step.last { attempts.append(StepAttempt(path: step.path, attempt: last)) }
    }
    return attempts.sorted { ($0.path, $0.attempt.at.milliseconds) < ($1.path, $1.attempt.at.milliseconds) }
  }

  /// The rendered request kept for the step under way.
  package func keptRequest(of execution: RecordKey) throws(StoreError) -> [UInt8]? {
    let kept: KeptRequest? = try record(.requests, KeyBytes(execution))
    return kept?.bytes
  }

  /// The earliest instant that an execution waits for; nil where none waits for one that ever comes.
  package func nextDue() throws(StoreError) -> Timestamp? {
    var earliest: Timestamp?
    let cursor = try cursor(.due)
    var band: UInt8 = 0
    while let entry = try cursor.seek(DueKey.start(of: band)), let parts = DueKey.parts(entry) {
      if parts.due < .distantFuture { earliest = min(earliest ?? parts.due, parts.due) }
      guard parts.band < DueKey.bands else { break }
      band = parts.band + 1
    }
    return earliest
  }

  package func version(_ number: UInt32) throws(StoreError) -> WorkflowVersion? {
    try record(.versions, KeyBytes(UInt64(number)))
  }

  private func body(of event: RecordKey, size: Int) throws(StoreError) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(size)
    for number in 0..<Pieces.count(of: size) {
      var key = KeyBytes(event)
      key.add(UInt16(number))
      guard let piece: Piece = try record(.bodies, key) else { throw damaged(.bodies, key) }
      body += piece.bytes
    }
    guard body.count == size else { throw damaged(.events, KeyBytes(event)) }
    return body
  }
}
