import RelayModel
import Testing

@testable import RelayStore

@Suite struct CancelTests {
  @Test func `a running execution is cancelled and fenced`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    _ = test.takeNotices()
    #expect(try test.store.perform(Cancel(execution: key, now: test.now)) == .cancelled)
    #expect(
      test.takeNotices().contains { if case .cancelled(key, revision: 1) = $0 { true } else { false } })
    let late = Advance(execution: key, revision: 0, journal: [], next: .step(.start), at: test.now)
    #expect(try test.store.perform(late) == .stale)
    #expect(try test.store.perform(Cancel(execution: key, now: test.now)) == .ended(.cancelled))
    #expect(try test.store.read { try $0.counters() }.deadLetters == 0)
  }

  @Test func `a waiting execution is due no more`() throws {
    let test = try TestStore(executions: 0)
    let key = try test.enqueue().executions[0]
    #expect(try test.store.perform(Cancel(execution: key, now: test.now)) == .cancelled)
    #expect(try test.store.read { try $0.nextDue() } == nil)
    #expect(try test.store.perform(Cancel(execution: RecordKey(rawValue: 3), now: test.now)) == .notFound)
  }
}

@Suite struct RetryTests {
  @Test func `a retry goes on from the failed step and forgets what came after it`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    let failed = StepPath.start.next
    let failure = Failure(step: "b", code: "http_status", message: "500", status: 500, attempts: 1)
    let journal: [JournalEntry] = [
      .sample(path: .start, name: "a", at: test.now),
      .sample(.failed, path: failed, name: "b", at: test.now, failure: failure),
      .sample(path: .failureStart, name: "tell", at: test.now),
    ]
    _ = try test.store.perform(
      Advance(
        execution: key, revision: 0, journal: journal,
        next: .end(.failed, failure: failure, resumeAt: failed, summary: nil), at: test.now))
    #expect(try test.store.perform(RetryExecution(execution: key, now: test.now)) == .retried(key))
    let record = try #require(try test.execution(key))
    #expect(record.position == failed)
    #expect(record.attempt == 0)
    #expect(record.revision == 1)
    #expect(record.failure == nil)
    #expect(try test.store.read { try $0.journal(of: key) }.map(\.name) == ["a"])
    #expect(try test.store.read { try $0.attempts(of: key) }.map(\.path) == [.start, failed, .failureStart])
    #expect(try test.store.read { try $0.counters() }.deadLetters == 0)
    test.clock.pass(.seconds(1))
    _ = try test.store.perform(Claim(now: test.now, limit: 1))
    try test.end(key)
    let ends = try test.store.read { try $0.outbox(after: 0, limit: 9) }.map { entry -> Int in
      if case .end(let summary) = entry.content { summary.end } else { 0 }
    }
    #expect(ends == [1, 2])
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a retry keeps the rendered request, but not for another version`() throws {
    for version in [RetryExecution.Version.original, .other(2)] {
      let test = try TestStore()
      let key = try test.enqueue().executions[0]
      let wait = Advance.Wait(
        position: .start, until: test.now, reason: "", attempt: 1, firstAttemptAt: test.now,
        request: [1, 2, 3])
      _ = try test.store.perform(
        Advance(execution: key, revision: 0, journal: [], next: .wait(wait), at: test.now))
      _ = try test.store.perform(Claim(now: test.now, limit: 1))
      try test.end(key, .failed)
      _ = try test.store.perform(RetryExecution(execution: key, version: version, now: test.now))
      let kept = try test.store.read { try $0.keptRequest(of: key) }
      #expect(kept == (version == .original ? [1, 2, 3] : nil))
      #expect(try test.execution(key)?.version == (version == .original ? 1 : 2))
      #expect(try test.store.read { try Checker.check($0) }.findings == [])
    }
  }

  @Test func `from the start it is a new execution of the same event`() throws {
    let test = try TestStore()
    let answer = try test.enqueue()
    try test.end(answer.executions[0], .failed)
    let retried = try test.store.perform(
      RetryExecution(execution: answer.executions[0], fromStart: true, now: test.now))
    guard case .retried(let key) = retried else { throw StoreError.closing }
    #expect(key != answer.executions[0])
    #expect(try test.execution(key)?.origin == .retry)
    #expect(try test.store.read { try $0.executionsOf(event: answer.event) } == [answer.executions[0], key])
  }

  @Test func `what runs or succeeded is not retried`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    #expect(try test.store.perform(RetryExecution(execution: key, now: test.now)) == .notEnded(.running))
    try test.end(key)
    #expect(try test.store.perform(RetryExecution(execution: key, now: test.now)) == .notEnded(.succeeded))
    #expect(
      try test.store.perform(RetryExecution(execution: RecordKey(rawValue: 9), now: test.now)) == .notFound)
  }

  @Test func `a discarded dead letter is none, and can still be retried`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    try test.end(key, .failed)
    #expect(try test.store.perform(Discard(execution: key)))
    #expect(try test.store.perform(Discard(execution: key)) == false)
    try test.store.read { snapshot throws in
      #expect(try snapshot.counters().deadLetters == 0)
      #expect(
        try snapshot.executions(ExecutionFilter(deadLetters: true), before: nil, limit: 9).items.isEmpty)
      #expect(
        try snapshot.executions(ExecutionFilter(statuses: [.failed]), before: nil, limit: 9).items.count == 1)
    }
    #expect(try test.store.perform(RetryExecution(execution: key, now: test.now)) == .retried(key))
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }
}

@Suite struct RejectTests {
  private func reject(_ test: TestStore, hook: String = "github", body: Int = 10) throws -> RecordKey {
    let request = IncomingRequest(
      method: "POST", target: "/hooks/\(hook)", headers: HeaderFields([("A", "b")]),
      body: [UInt8](repeating: 5, count: body), receivedAt: test.now, client: "203.0.113.9")
    let record = RejectedRecord(
      hook: hook, code: .noMatchingSignature, detail: "no key fits", request: request)
    return try test.store.perform(Reject(record: record, now: test.now))
  }

  @Test func `the ring of a hook holds its newest requests, and leaves other hooks alone`() throws {
    let test = try TestStore()
    let other = try reject(test, hook: "stripe")
    let keys = try (0..<105).map { _ in try reject(test) }
    let kept = try test.store.read { try $0.rejected(hook: "github", before: nil, limit: 200) }.items.map(
      \.key)
    #expect(kept == keys.suffix(100).reversed())
    #expect(try test.store.read { try $0.rejected(other) } != nil)
    #expect(try test.store.read { try $0.counters() }.rejected == 101)
    #expect(try test.store.read { try $0.counters() }.hooks["github"]?.rejected == 105)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a large body is cut, and says so`() throws {
    let test = try TestStore()
    let key = try reject(test, body: 100_000)
    let record = try #require(try test.store.read { try $0.rejected(key) })
    #expect(record.request.body.count == RejectedRecord.bodyLimit)
    #expect(record.bodySize == 100_000)
    #expect(!record.isWhole)
  }

  @Test func `a day later they are gone`() throws {
    let test = try TestStore()
    _ = try reject(test, body: 5000)
    test.clock.pass(.seconds(86_401))
    let retention = Retention(succeeded: .seconds(60), failed: .seconds(60), dedupe: .seconds(60))
    #expect(try test.sweep(retention).rejected == 1)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `one that verifies now is accepted in the commit that takes it from the ring`() throws {
    let test = try TestStore()
    let key = try reject(test)
    let enqueue = Enqueue(event: .sample(now: test.now), executions: [], mark: .sample(1), now: test.now)
    let answer = try #require(try test.store.perform(Readmit(rejected: key, enqueue: enqueue)))
    #expect(try test.store.read { try $0.event(answer.event) } != nil)
    #expect(try test.store.read { try $0.rejected(key) } == nil)
    #expect(try test.store.perform(Readmit(rejected: key, enqueue: enqueue)) == nil)
  }
}
