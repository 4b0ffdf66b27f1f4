import RelayModel
import Testing

@testable import RelayStore

/// Random operations on a store and on the model, from one seed.
final class ModelRun {
  static let permits = 4
  static let retention = Retention(
    succeeded: .seconds(7 * 86_400), failed: .seconds(30 * 86_400), dedupe: .seconds(72 * 3600))

  let test: TestStore
  let random: TestRandom
  var model = StoreModel(permits: permits)

  init(seed: UInt64) throws {
    random = TestRandom(seed)
    test = try TestStore(seed: seed &+ 1_000_000, executions: Self.permits)
  }

  var now: Timestamp { test.now }
  var store: Store { test.store }

  func step() throws {
    switch random.below(20) {
    case 0...5: try enqueue()
    case 6...7: try claim()
    case 8...11: try advance()
    case 12: try cancel()
    case 13: try retry()
    case 14: try replay()
    case 15: try discard()
    case 16: try acknowledge()
    case 17: random.chance(30) ? try sweep() : test.clock.pass(.milliseconds(random.below(90_000_000)))
    case 18: test.clock.pass(.milliseconds(random.below(20_000) - 5_000))
    default: random.chance(50) ? try reopen() : try crash()
    }
  }

  // MARK: Operations

  private func enqueue() throws {
    let transition = randomEnqueue()
    let expected = transition.mark.flatMap { model.duplicate(of: $0, now: now) }
    let answer = try store.perform(transition)
    #expect(answer.duplicate == (expected != nil))
    if let expected { return #expect(answer.event == expected) }
    accept(answer, transition)
  }

  private func randomEnqueue() -> Enqueue {
    let names = (0..<random.below(4)).map { "flow-\($0)" }
    let priority = UInt8(random.below(10))
    return Enqueue(
      event: .sample(body: (0..<random.below(6000)).map { UInt8(truncatingIfNeeded: $0) }, now: now),
      executions: names.map { NewExecution(workflow: $0, version: 1, priority: priority) },
      mark: random.chance(60) ? .sample(UInt64(random.below(25))) : nil, now: now)
  }

  private func accept(_ answer: EnqueueAnswer, _ transition: Enqueue) {
    model.accept(
      answer, body: transition.event.body, workflows: transition.executions.map(\.workflow),
      priority: transition.executions.first?.priority ?? 5, mark: transition.mark, now: now)
  }

  private func claim() throws {
    let limit = store.permits.take(upTo: 1 + random.below(3))
    #expect(store.permits.available == model.freePermits - limit)
    let claimed = try store.perform(Claim(now: now, limit: limit))
    let claimable = model.claimable(at: now, limit: limit)
    if !claimable.isEmpty { model.learn(engineClock: now) }
    #expect(claimed.map(\.key) == model.putOffSuspects(of: claimable, now: now))
    store.permits.giveBack(limit - claimed.count)
    model.freePermits -= claimed.count
    for started in claimed {
      model.executions[started.key]?.start()
      #expect(started.event.body == model.events[started.record.event]?.body)
    }
  }

  private func advance() throws {
    guard let key = pick(model.running), let known = model.executions[key] else { return }
    let revision = random.chance(90) ? known.revision : known.revision &+ 1
    let kind = random.below(4)
    let wait = Advance.Wait(
      position: .start, until: now + .milliseconds(random.below(100_000_000)), reason: "backing off",
      attempt: known.attempt, firstAttemptAt: now,
      request: random.chance(50) ? [UInt8](repeating: 7, count: random.below(5000)) : nil)
    let failure = Failure(step: "send", code: "http_status", message: "no", status: 500)
    let next: Advance.Next =
      switch kind {
      case 0: .step(StepPath.start.next)
      case 1: .wait(wait)
      case 2: .end(.succeeded, failure: nil, resumeAt: nil, summary: nil)
      default: .end(.failed, failure: failure, resumeAt: .start, summary: nil)
      }
    let output = [UInt8](repeating: 65, count: random.below(100) == 0 ? 30_000 : 20)
    let answer = try store.perform(
      Advance(
        execution: key, revision: revision,
        journal: kind == 1 ? [] : [.sample(kind == 3 ? .failed : .succeeded, at: now, output: output)],
        attempt: kind == 1
          ? StepAttempt(path: .start, attempt: AttemptRecord(number: known.attempt, at: now, durationMs: 3))
          : nil,
        next: next, at: now))
    #expect(answer == (revision == known.revision ? .recorded : .stale))
    guard answer == .recorded else { return }
    model.executions[key]?.crashes = 0
    if kind < 2 { model.learn(engineClock: now) }
    if kind == 0 { model.executions[key]?.attempt = 1 }
    if kind > 0 { release(key) }
    if kind == 1 {
      model.executions[key]?.status = .waiting
      model.executions[key]?.due = wait.until
    }
    if kind == 2 { model.end(key, .succeeded, now: now) }
    if kind == 3 { model.end(key, .failed, now: now) }
  }

  private func cancel() throws {
    guard let key = pick(model.executions.keys.sorted()), let known = model.executions[key] else { return }
    let answer = try store.perform(Cancel(execution: key, now: now))
    guard !known.status.isFinal else { return #expect(answer == .ended(known.status)) }
    #expect(answer == .cancelled)
    if known.status == .running { release(key) }
    model.executions[key]?.revision += 1
    model.end(key, .cancelled, now: now)
  }

  private func retry() throws {
    guard let key = pick(model.executions.keys.sorted()), let known = model.executions[key] else { return }
    let answer = try store.perform(RetryExecution(execution: key, now: now))
    guard known.status == .failed || known.status == .cancelled else {
      return #expect(answer == .notEnded(known.status))
    }
    #expect(answer == .retried(key))
    let due = model.dueAtOnce(now)
    model.executions[key]?.status = known.hasStarted ? .waiting : .queued
    model.executions[key]?.due = due
    model.executions[key]?.attempt = 0
    model.executions[key]?.crashes = 0
    model.executions[key]?.revision += 1
    model.executions[key]?.discarded = false
    model.executions[key]?.finishedAt = nil
  }

  private func replay() throws {
    guard let event = pick(model.events.keys.sorted()) else { return }
    let background = random.chance(50)
    let new = NewExecution(workflow: "again", version: 1, priority: 3, origin: .replay)
    let answer = try store.perform(Replay(event: event, executions: [new], background: background, now: now))
    let keys = try #require(answer)
    model.admitLater(keys[0], event: event, workflow: "again", priority: 3, background: background, now: now)
  }

  private func discard() throws {
    guard let key = pick(model.executions.keys.sorted()), let known = model.executions[key] else { return }
    let isDeadLetter = known.status == .failed && !known.discarded
    #expect(try store.perform(Discard(execution: key)) == isDeadLetter)
    if isDeadLetter { model.executions[key]?.discarded = true }
  }

  private func acknowledge() throws {
    let upTo = model.outboxFirst + UInt64(random.below(10))
    let state = try store.perform(AcknowledgeOutbox(upTo: upTo))
    model.outboxFirst = max(model.outboxFirst, min(upTo, model.outboxLast) + 1)
    #expect(state.first == model.outboxFirst)
    #expect(state.last == model.outboxLast)
  }

  private func sweep() throws {
    var position: SweepPosition? = .start
    while let from = position {
      position = try store.perform(Sweep(now: now, retention: Self.retention, position: from, limit: 7)).next
    }
    model.sweep(Self.retention, now: now)
  }

  // MARK: The end of the process

  private func reopen() throws {
    try test.reopen()
    try recover()
  }

  private func crash() throws {
    let before = model
    let fate: CommitFate = random.chance(50) ? .crashBefore : .crashAfter
    let transition = randomEnqueue()
    store.submit(transition) { _ in Issue.record("nobody is told after a death") }
    let expected = transition.mark.flatMap { model.duplicate(of: $0, now: now) }
    let newest = try store.read { try $0.state().lastKey }
    try test.crash(fate)
    model = before
    if fate == .crashAfter && expected == nil {
      let event = newest.next(at: now)
      let keys = (0..<transition.executions.count).map {
        RecordKey(rawValue: event.rawValue + 1 + UInt64($0))
      }
      accept(EnqueueAnswer(event: event, executions: keys, duplicate: false), transition)
    }
    try recover()
  }

  private func recover() throws {
    let answer = try store.perform(Recover(now: now))
    let died = model.running
    model.recover(now: now)
    #expect(answer.started.map(\.key) == model.running)
    #expect(Set(answer.poisoned + answer.parked) == Set(died).subtracting(model.running))
    model.freePermits = Self.permits - model.running.count
    #expect(store.permits.available == model.freePermits)
  }

  private func release(_ key: RecordKey) {
    store.permits.giveBack()
    model.freePermits += 1
  }

  private func pick(_ keys: [RecordKey]) -> RecordKey? { keys.isEmpty ? nil : keys[random.below(keys.count)] }

  // MARK: The comparison

  func compare() throws {
    try store.read { snapshot in
      let report = try Checker.check(snapshot)
      #expect(report.findings == [])
      let counters = try snapshot.counters()
      #expect(counters.events == model.events.count)
      #expect(counters.deadLetters == model.deadLetters)
      for (key, known) in model.executions { compare(known, try snapshot.execution(key)) }
      for (key, known) in model.events { #expect(try snapshot.event(key)?.body == known.body) }
      #expect(counters.executions.values.reduce(0, +) == model.executions.count)
      #expect(try snapshot.nextDue() == model.executions.values.compactMap(\.due).min())
    }
  }

  private func compare(_ known: StoreModel.Execution, _ record: ExecutionRecord?) {
    guard let record else { return #expect(Bool(false), "an execution is gone") }
    #expect(record.status == known.status)
    #expect(record.attempt == known.attempt)
    #expect(record.crashes == known.crashes)
    #expect(record.due == known.due)
    #expect(record.revision == known.revision)
    #expect(record.ends == known.ends)
    #expect(record.workflow == known.workflow)
  }
}
