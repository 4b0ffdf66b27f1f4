package import RelayModel

/// Branches under way side by side: begun, followed by the next, and over, each in the commit that records
/// what a branch came to.
///
/// The pattern, for whatever else waits for the end of another record: the one that waits is parked with
/// `parkUntilWoken`, which gives it an instant that never comes; the transition that ends the other calls `wake` in
/// the same commit, so that no death of the process falls between. A claim then takes it up like
/// everything that is due.
extension WriteTransaction {
  /// Parks an execution until `wake`.
  mutating func parkUntilWoken(
    _ key: RecordKey, _ record: inout ExecutionRecord, reason: String
  ) throws(StoreError) {
    record.attempt = 0
    record.firstAttemptAt = nil
    try park(key, &record, until: .distantFuture, reason: reason)
  }

  /// What `record` waited for is over: it is due now.
  mutating func wake(_ key: RecordKey, _ record: inout ExecutionRecord, now: Timestamp) throws(StoreError) {
    guard record.status == .waiting else { return try put(.executions, KeyBytes(key), record) }
    try park(key, &record, until: dueAtOnce(now), reason: nil)
  }

  // MARK: Beginning

  /// Begins the branches of a step, or lets those go on that a retry holds, and parks their owner, which
  /// stands there.
  mutating func begin(_ new: NewFork, _ owner: RecordKey, _ record: inout ExecutionRecord, now: Timestamp)
    throws(StoreError)
  {
    if try believed(.forks, KeyBytes(record.root(owner), new.block), as: ForkRecord.self)?.isHeld == true {
      if try reopenFork(owner, &record, at: new.block, version: record.version, now: now) { return }
      return try park(owner, &record, until: dueAtOnce(now), reason: nil)
    }
    record.forks = true
    var fork = ForkRecord(owner: owner, turns: new.turns, width: new.width)
    try parkUntilWoken(owner, &record, reason: Self.forkReason)
    try beginStrands(&fork, of: new.block, record, now: now)
    try put(.forks, KeyBytes(record.root(owner), new.block), fork)
  }

  static let forkReason = "its branches are under way"

  /// Begins as many as may be under way: running where there is a permit, else due.
  mutating func beginStrands(
    _ fork: inout ForkRecord, of block: StepPath, _ owner: ExecutionRecord, now: Timestamp
  ) throws(StoreError) {
    var events = EventCache()
    while fork.mayBegin {
      let place = StrandPlace(
        root: owner.root(fork.owner), block: block, turn: fork.next, attemptsBefore: owner.totalAttempts)
      try beginStrand(place, of: owner, &events, now: now)
      fork.next += 1
      fork.open += 1
    }
  }

  private mutating func beginStrand(
    _ place: StrandPlace, of owner: ExecutionRecord, _ events: inout EventCache, now: Timestamp
  ) throws(StoreError) {
    let key = nextKey(at: now)
    var record = ExecutionRecord(
      event: owner.event, hook: owner.hook, workflow: owner.workflow, version: owner.version,
      origin: owner.origin, priority: owner.priority, background: owner.background,
      position: place.base.step(0), createdAt: owner.createdAt)
    record.startedAt = owner.startedAt
    record.status = .waiting
    record.ends = owner.ends
    record.totalAttempts = owner.totalAttempts
    record.stepsDone = owner.stepsDone
    record.strand = place
    try putIndex(.strands, StrandKey.make(place, key))
    guard permits.available > 0, let event = try believedEvent(owner.event, &events), takePermit() else {
      return try park(key, &record, until: dueAtOnce(now), reason: nil)
    }
    record.start(at: now)
    record.firstAttemptAt = now
    try putIndex(.running, KeyBytes(key))
    try put(.executions, KeyBytes(key), record)
    tell(.started(StartedExecution(key: key, record: record, event: event)))
  }

  // MARK: Ending

  /// The turn of a strand is over. The strand takes the next that has not begun, whose number is the answer,
  /// or ends.
  mutating func endTurn(_ key: RecordKey, _ record: inout ExecutionRecord, at now: Timestamp)
    throws(StoreError) -> UInt32?
  {
    guard let place = record.strand,
      var fork = try believed(.forks, KeyBytes(place.root, place.block), as: ForkRecord.self)
    else { return nil }
    guard !fork.isHalted, fork.next < fork.turns else {
      try end(key, &record, Ending(status: .succeeded, at: now), of: &fork)
      return nil
    }
    try unpin(key, &record)
    try stopListening(key, &record)
    let turn = fork.next
    fork.next += 1
    try put(.forks, KeyBytes(place.root, place.block), fork)
    record.strand?.turn = turn
    record.position = place.block.item(turn).step(0)
    record.attempt = 1
    record.totalAttempts += 1
    record.firstAttemptAt = now
    try put(.executions, KeyBytes(key), record)
    return turn
  }

  /// A strand has failed, or come to a `stop`: nothing more of its step begins.
  mutating func endStrand(_ key: RecordKey, _ record: inout ExecutionRecord, _ ending: Ending)
    throws(StoreError)
  {
    guard let place = record.strand,
      var fork = try believed(.forks, KeyBytes(place.root, place.block), as: ForkRecord.self)
    else { return try deleteStrand(key, record) }
    if let failure = ending.failure {
      if place.turn <= fork.fault?.turn ?? .max {
        fork.fault = ForkRecord.Fault(
          turn: place.turn, at: ending.resumeAt ?? record.position, failure: failure)
      }
    } else {
      fork.stopped = true
    }
    try end(key, &record, ending, of: &fork)
  }

  /// One that failed is kept, for a retry goes on with it.
  private mutating func end(
    _ key: RecordKey, _ record: inout ExecutionRecord, _ ending: Ending, of fork: inout ForkRecord
  ) throws(StoreError) {
    guard let place = record.strand else { return }
    let made = record.totalAttempts - place.attemptsBefore
    record.strand?.attemptsBefore = record.totalAttempts
    if ending.status == .succeeded {
      // After a stop in branches of its own there is something left of them.
      if record.forks { try deleteForks(KeyBytes(place.root, place.base)) }
      try deleteStrand(key, record)
    } else {
      try rest(key, &record, ending)
    }
    fork.open -= min(fork.open, 1)
    try put(.forks, KeyBytes(place.root, place.block), fork)
    guard var owner = try believed(.executions, KeyBytes(fork.owner), as: ExecutionRecord.self) else {
      return
    }
    owner.totalAttempts += made
    if fork.open == 0 {
      try wake(fork.owner, &owner, now: ending.at)
    } else {
      try put(.executions, KeyBytes(fork.owner), owner)
    }
  }
}

extension Snapshot {
  /// How the branches of the step at `block` stand; nil where none were begun.
  package func fork(of root: RecordKey, at block: StepPath) throws(StoreError) -> ForkRecord? {
    try record(.forks, KeyBytes(root, block))
  }
}
