package import RelayModel

/// Takes up again what was under way when the process died: the first transition after a start.
/// Counts a crash and the next attempt of each; the third crash in a row without a recorded outcome
/// ends an execution as failed, code `poison`. Takes a permit for each that starts.
///
/// One more crash would quarantine those that have two behind them, and most of them were only beside the
/// one that is to blame. So these suspects are not started together: each becomes due a little after the one
/// before it, and what is not running when the process dies is not counted.
package struct Recover: Transition {
  package var now: Timestamp
  /// How many may start at once; the rest becomes due now.
  package var limit: Int

  package init(now: Timestamp, limit: Int = .max) {
    self.now = now
    self.limit = limit
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> RecoverAnswer {
    var answer = RecoverAnswer(started: [], parked: [], poisoned: [])
    var events = EventCache()
    transaction.learn(engineClock: now)
    for key in try transaction.snapshot.runningKeys() {
      try transaction.recover(key, &answer, &events, self)
    }
    return answer
  }
}

package struct RecoverAnswer: Sendable {
  /// Each holds a permit.
  package var started: [StartedExecution]
  /// Beyond the limit: due now; with two crashes behind them: due one after another.
  package var parked: [RecordKey]
  package var poisoned: [RecordKey]
  /// How many of the parked have two crashes behind them.
  package internal(set) var suspects = 0

  package init(started: [StartedExecution], parked: [RecordKey], poisoned: [RecordKey]) {
    self.started = started
    self.parked = parked
    self.poisoned = poisoned
  }
}

extension Snapshot {
  func runningKeys() throws(StoreError) -> [RecordKey] {
    var keys: [RecordKey] = []
    let cursor = try cursor(.running)
    var entry = try cursor.first()
    while let found = entry {
      keys.append(found.recordKey())
      entry = try cursor.next()
    }
    return keys
  }
}

extension WriteTransaction {
  fileprivate mutating func recover(
    _ key: RecordKey, _ answer: inout RecoverAnswer, _ events: inout EventCache, _ recover: Recover
  ) throws(StoreError) {
    guard var record = try believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
      record.status == .running
    else {
      try delete(.running, KeyBytes(key))
      return
    }
    record.crashes += 1
    if record.crashes >= StoreLimits.crashes {
      try end(key, &record, Ending(status: .failed, failure: poison(record), at: recover.now))
      answer.poisoned.append(key)
      return
    }
    guard let event = try believedEvent(record.event, &events) else {
      return try failDamaged(key, &record, now: recover.now)
    }
    if record.isSuspect {
      let turn = StoreLimits.suspectDelay + StoreLimits.suspectSpacing * answer.suspects
      try park(key, &record, until: recover.now + turn, reason: "the process died twice during this step")
      answer.parked.append(key)
      answer.suspects += 1
    } else if answer.started.count < recover.limit {
      record.start(at: recover.now)
      takePermitRegardless()
      try put(.executions, KeyBytes(key), record)
      answer.started.append(StartedExecution(key: key, record: record, event: event))
    } else {
      try park(key, &record, until: recover.now, reason: "the process died during an attempt")
      answer.parked.append(key)
    }
  }

  private func poison(_ record: ExecutionRecord) -> Failure {
    Failure(
      step: "", code: "poison",
      message: "The process died \(record.crashes) times during this step, so it is not tried again.",
      attempts: record.attempt)
  }
}
