import RelayModel

@testable import RelayStore

/// What a store should hold, as plainly as it can be said: the store is held against this.
struct StoreModel {
  struct Execution: Equatable {
    var event: RecordKey
    var workflow: String
    var status: ExecutionStatus
    var priority: UInt8
    var background = false
    var attempt = 0
    var crashes = 0
    var due: Timestamp?
    var revision: UInt32 = 0
    var ends = 0
    var finishedAt: Timestamp?
    var discarded = false
    var hasStarted = false
  }

  struct Event: Equatable {
    var body: [UInt8]
    var made: Int
  }

  var events: [RecordKey: Event] = [:]
  var executions: [RecordKey: Execution] = [:]
  /// Newest last.
  var marks: [(hash: [UInt8], event: RecordKey)] = []
  var freePermits: Int
  /// The latest instant that the engine's clock was seen at.
  var engineClock = Timestamp.epoch
  var outboxFirst: UInt64 = 1
  var outboxLast: UInt64 = 0

  init(permits: Int) { freePermits = permits }

  func duplicate(of mark: DedupeMark, now: Timestamp) -> RecordKey? {
    let newest = marks.last { $0.hash == mark.hash }
    guard let newest, newest.event.instant >= now - mark.window else { return nil }
    return newest.event
  }

  mutating func accept(
    _ answer: EnqueueAnswer, body: [UInt8], workflows: [String], priority: UInt8, mark: DedupeMark?,
    now: Timestamp
  ) {
    events[answer.event] = Event(body: body, made: workflows.count)
    if let mark { marks.append((mark.hash, answer.event)) }
    for (key, workflow) in zip(answer.executions, workflows) {
      var execution = Execution(
        event: answer.event, workflow: workflow, status: .queued, priority: priority, due: dueAtOnce(now))
      if freePermits > 0 {
        freePermits -= 1
        execution.start()
      }
      executions[key] = execution
    }
  }

  mutating func admitLater(
    _ key: RecordKey, event: RecordKey, workflow: String, priority: UInt8, background: Bool, now: Timestamp
  ) {
    executions[key] = Execution(
      event: event, workflow: workflow, status: .queued, priority: priority, background: background,
      due: dueAtOnce(now))
  }

  /// When what may run at once is due.
  func dueAtOnce(_ now: Timestamp) -> Timestamp { engineClock == .epoch ? now : min(now, engineClock) }

  mutating func learn(engineClock now: Timestamp) { engineClock = max(engineClock, now) }

  /// What a claim takes, in its order.
  func claimable(at now: Timestamp, limit: Int) -> [RecordKey] {
    let due = executions.compactMap { key, execution in
      execution.due.flatMap { $0 <= now ? (execution.band, $0.milliseconds, key) : nil }
    }
    return Array(due.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.2).prefix(limit))
  }

  /// Puts off what stands behind another that has two crashes behind it. What is left is claimed.
  mutating func putOffSuspects(of claimable: [RecordKey], now: Timestamp) -> [RecordKey] {
    let suspects = claimable.filter { executions[$0]?.crashes == StoreLimits.crashes - 1 }.dropFirst()
    for (place, key) in suspects.enumerated() {
      executions[key]?.due = now + StoreLimits.suspectSpacing * (place + 1)
    }
    return claimable.filter { !suspects.contains($0) }
  }

  mutating func end(_ key: RecordKey, _ status: ExecutionStatus, now: Timestamp) {
    executions[key]?.status = status
    executions[key]?.due = nil
    executions[key]?.finishedAt = now
    executions[key]?.ends += 1
    outboxLast += 1
  }

  mutating func sweep(_ retention: Retention, now: Timestamp) {
    for (key, execution) in executions {
      guard let finished = execution.finishedAt, execution.status.isFinal else { continue }
      let kept = execution.status == .succeeded ? retention.succeeded : retention.failed
      let isOld = key < RecordKey(lowestAt: now - min(retention.succeeded, retention.failed))
      if finished + kept <= now && isOld { executions[key] = nil }
    }
    let used = Set(executions.values.map(\.event))
    for key in events.keys where !used.contains(key) && key < RecordKey(lowestAt: now - retention.succeeded) {
      events[key] = nil
    }
    marks.removeAll { $0.event < RecordKey(lowestAt: now - retention.dedupe) }
  }

  mutating func recover(now: Timestamp) {
    learn(engineClock: now)
    var suspects = 0
    for key in running {
      executions[key]?.crashes += 1
      switch executions[key]?.crashes {
      case StoreLimits.crashes: end(key, .failed, now: now)
      case StoreLimits.crashes - 1:
        let turn = StoreLimits.suspectDelay + StoreLimits.suspectSpacing * suspects
        executions[key]?.status = .waiting
        executions[key]?.due = now + turn
        suspects += 1
      default: executions[key]?.attempt += 1
      }
    }
  }

  var running: [RecordKey] { executions.filter { $0.value.status == .running }.map(\.key).sorted() }
  var deadLetters: Int { executions.values.count { $0.status == .failed && !$0.discarded } }
}

extension StoreModel.Execution {
  var band: Int { (background ? 10 : 0) + 9 - Int(priority) }

  mutating func start() {
    status = .running
    attempt += 1
    due = nil
    hasStarted = true
  }
}
