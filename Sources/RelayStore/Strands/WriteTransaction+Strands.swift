internal import RelayModel

/// All the strands of an execution at once: what an operator's act, a passed step or a deletion means for them.
extension WriteTransaction {
  /// A strand that has ended is at rest, in no index, until a retry or the end of its step.
  mutating func rest(_ key: RecordKey, _ record: inout ExecutionRecord, _ ending: Ending) throws(StoreError) {
    try leave(key, record)
    try stopListening(key, &record)
    record.status = ending.status
    record.failure = ending.failure
    record.resumeAt = ending.resumeAt
    record.finishedAt = ending.at
    record.due = nil
    record.reason = nil
    try put(.executions, KeyBytes(key), record)
  }

  mutating func deleteStrand(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    guard let place = record.strand else { return }
    var record = record
    try leave(key, record)
    try stopListening(key, &record)
    try delete(.requests, KeyBytes(key))
    try delete(.strands, StrandKey.make(place, key))
    try delete(.executions, KeyBytes(key))
  }

  /// The steps of `journal` that are over need their branches no more, nor does what is inside them.
  mutating func closeForks(_ key: RecordKey, _ record: inout ExecutionRecord, _ journal: [JournalEntry])
    throws(StoreError)
  {
    let root = record.root(key)
    for entry in journal where entry.finishedAt != nil && (entry.status != .failed || entry.output != nil) {
      try deleteForks(KeyBytes(root, entry.path))
    }
    let own = record.strand.map { KeyBytes(root, $0.base) } ?? KeyBytes(root)
    record.forks = try snapshot.cursor(.forks).seek(own)?.starts(with: own) ?? false
  }

  /// Deletes the forks whose key begins with `prefix`, and their strands.
  mutating func deleteForks(_ prefix: KeyBytes) throws(StoreError) {
    for strand in try snapshot.strands(prefix) {
      if let record = try believed(.executions, KeyBytes(strand), as: ExecutionRecord.self) {
        try deleteStrand(strand, record)
      }
    }
    try deleteAll(.strands, prefix: prefix)
    try deleteAll(.forks, prefix: prefix)
  }

  /// Cancels what is under way of `root`, which is cancelled itself. What they did counts there.
  mutating func cancelStrands(_ root: RecordKey, _ record: inout ExecutionRecord, now: Timestamp)
    throws(StoreError)
  {
    guard record.forks else { return }
    for key in try snapshot.strands(KeyBytes(root)) {
      guard var strand = try believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
        let place = strand.strand, !strand.status.isFinal
      else { continue }
      record.totalAttempts += strand.totalAttempts - place.attemptsBefore
      strand.strand?.attemptsBefore = strand.totalAttempts
      strand.revision += 1
      try unpin(key, &strand)
      try rest(key, &strand, Ending(status: .cancelled, resumeAt: strand.position, at: now))
      tell(.cancelled(key, revision: strand.revision))
    }
  }

  // MARK: Again

  /// Where a retry goes on that failed in the step at `place`: at the outermost step around it whose branches are
  /// under way, for these go on by themselves.
  func placeOfRetry(_ place: StepPath, _ record: ExecutionRecord, _ root: RecordKey) throws(StoreError)
    -> StepPath
  {
    guard record.forks else { return place }
    for step in place.line where step.depth > record.strand?.block.depth ?? 0 {
      if try snapshot.contains(.forks, KeyBytes(root, step)) { return step }
    }
    return place
  }

  /// A retry of `record`, which stands at a step whose branches were begun: they go on when it comes by.
  mutating func holdFork(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) {
    let place = KeyBytes(record.root(key), record.position)
    guard record.forks, var fork = try believed(.forks, place, as: ForkRecord.self) else { return }
    fork.isHeld = true
    fork.fault = nil
    try put(.forks, place, fork)
  }

  /// Lets the branches of the step at `block` go on that were not over, each where it stood. False where none
  /// has to: what stands there goes on at once.
  mutating func reopenFork(
    _ owner: RecordKey, _ record: inout ExecutionRecord, at block: StepPath, version: UInt32, now: Timestamp
  ) throws(StoreError) -> Bool {
    let root = record.root(owner)
    guard record.forks, var fork = try believed(.forks, KeyBytes(root, block), as: ForkRecord.self) else {
      return false
    }
    fork.fault = nil
    fork.isHeld = false
    fork.open = 0
    for key in try snapshot.strands(KeyBytes(root, block)) {
      guard var strand = try believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
        strand.strand?.block == block
      else { continue }
      strand.ends = record.ends
      try reopenStrand(key, &strand, version: version, now: now)
      fork.open += 1
    }
    try beginStrands(&fork, of: block, record, now: now)
    try put(.forks, KeyBytes(root, block), fork)
    guard fork.open > 0 else { return false }
    try parkUntilWoken(owner, &record, reason: Self.forkReason)
    return true
  }

  private mutating func reopenStrand(
    _ key: RecordKey, _ strand: inout ExecutionRecord, version: UInt32, now: Timestamp
  ) throws(StoreError) {
    try forgetFailure(key, strand)
    if strand.version != version { try unpin(key, &strand) }
    strand.version = version
    strand.reopen()
    if try reopenFork(key, &strand, at: strand.position, version: version, now: now) { return }
    try park(key, &strand, until: dueAtOnce(now), reason: nil)
  }
}

extension Snapshot {
  /// The strands under `prefix`: a root, and a step of it.
  func strands(_ prefix: KeyBytes) throws(StoreError) -> [RecordKey] {
    var found: [RecordKey] = []
    let cursor = try cursor(.strands)
    var entry = try cursor.seek(prefix)
    while let next = entry, next.starts(with: prefix) {
      found.append(next.recordKey(at: next.keyCount - 8))
      entry = try cursor.next()
    }
    return found
  }
}
