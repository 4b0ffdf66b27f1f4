import RelayModel
import Testing

@testable import RelayStore

@Suite struct AdvanceTests {
  @Test func `an entry takes the place of an earlier one of its path, with all the pieces of that`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    for size in [3, 20_000, 30_000, 4] {
      let entry = JournalEntry(
        path: .start, name: "a", status: .running, startedAt: test.now,
        output: [UInt8](repeating: UInt8(ascii: "1"), count: size))
      let advance = Advance(
        execution: key, revision: 0, journal: [entry], next: .step(.start), at: test.now)
      #expect(try test.store.perform(advance) == .recorded)
      try test.store.read { snapshot throws in
        #expect(try snapshot.journal(of: key).map { $0.output?.count } == [size])
        #expect(snapshot.count(.pieces) == Pieces.count(of: size < 10_000 ? 0 : size + 100))
        #expect(try Checker.check(snapshot).findings == [])
      }
    }
  }

  @Test func `a step that ended is in the journal, and the next one is counted`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    test.clock.pass(.seconds(1))
    let next = StepPath.start.next
    let answer = try test.store.perform(
      Advance(execution: key, revision: 0, journal: [.sample(at: test.now)], next: .step(next), at: test.now))
    #expect(answer == .recorded)
    let record = try #require(try test.execution(key))
    #expect(record.position == next)
    #expect(record.attempt == 1)
    #expect(record.totalAttempts == 2)
    #expect(record.firstAttemptAt == test.now)
    #expect(record.stepsDone == 1)
    #expect(try test.store.read { try $0.journal(of: key) } == [.sample(at: test.now)])
  }

  @Test func `a wait keeps the rendered request until its step is over`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    let request = [UInt8](repeating: 9, count: 10_000)
    try park(key, until: test.now + .seconds(5), request: request, test)
    #expect(try test.store.read { try $0.keptRequest(of: key) } == request)
    #expect(try test.execution(key)?.status == .waiting)
    #expect(try test.store.read { try $0.nextDue() } == test.now + .seconds(5))
    test.clock.pass(.seconds(5))
    let claimed = try test.store.perform(Claim(now: test.now, limit: 1))
    #expect(claimed.map(\.key) == [key])
    #expect(claimed[0].record.attempt == 2)
    #expect(claimed[0].record.pinned)
    try park(key, until: test.now, request: nil, test)
    #expect(try test.store.read { try $0.keptRequest(of: key) } == request)
    _ = try test.store.perform(Claim(now: test.now, limit: 1))
    try test.end(key)
    #expect(try test.store.read { try $0.keptRequest(of: key) } == nil)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a place deep in a document is read with what leads there, and nothing else`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    let loop = StepPath(.steps, 1)
    let paths = [
      StepPath.start, StepPath.start.item(0).step(0), loop, loop.item(0).step(0), loop.item(0).step(1),
      loop.item(7).step(0), loop.item(7).step(0).item(2).step(0), loop.item(7).step(1), loop.item(8).step(0),
      StepPath(.steps, 2), .failureStart,
    ]
    _ = try test.store.perform(
      Advance(
        execution: key, revision: 0,
        journal: paths.map { .sample(path: $0, at: test.now, output: $0.bytes) }, next: .step(loop),
        at: test.now))
    func leading(to path: StepPath) throws -> [StepPath] {
      try test.store.read { try $0.journal(of: key, leadingTo: path) }.map(\.path)
    }
    #expect(
      try leading(to: loop.item(7).step(1)) == [.start, loop, loop.item(7).step(0), loop.item(7).step(1)])
    #expect(try leading(to: loop.item(9).step(0)) == [.start, loop])
    #expect(try leading(to: .failureStart.next) == [.start, loop, StepPath(.steps, 2), .failureStart])
    #expect(try leading(to: .start) == [.start])
    let outputs = try test.store.read { try $0.outputs(of: key, at: (0..<8).map { loop.item($0).step(1) }) }
    #expect(outputs.map { $0 != nil } == [true, false, false, false, false, false, false, true])
    #expect(outputs[7] == loop.item(7).step(1).bytes)
  }

  @Test func `an end writes lists, counts and one outbox entry`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    _ = test.takeNotices()
    try test.end(key, .failed)
    let record = try #require(try test.execution(key))
    #expect(record.status == .failed)
    #expect(record.failure?.code == "http_status")
    #expect(record.isDeadLetter)
    try test.store.read { snapshot throws in
      #expect(
        try snapshot.executions(ExecutionFilter(deadLetters: true), before: nil, limit: 9).items.map(\.key)
          == [key])
      #expect(try snapshot.counters().workflows["flow"]?.failed == 1)
      let entries = try snapshot.outbox(after: 0, limit: 10)
      #expect(entries.map(\.last) == [1])
      guard case .end(let summary) = entries[0].content else { throw StoreError.closing }
      #expect(summary.execution == key)
      #expect(summary.end == 1)
      #expect(summary.eventType == "push")
      #expect(summary.steps.map(\.id) == ["send"])
      #expect(summary.errorCode == "http_status")
    }
    let told = test.takeNotices()
    #expect(told.contains { if case .outbox = $0 { true } else { false } })
    #expect(told.contains { if case .ended(key, .failed) = $0 { true } else { false } })
  }

  @Test func `nothing goes to the outbox where nobody is told`() throws {
    let test = try TestStore(summarizes: false)
    let key = try test.enqueue().executions[0]
    try test.end(key)
    #expect(try test.store.read { try $0.outboxState() }.pending == 0)
  }

  @Test func `an outcome of an older revision, or of an ended execution, is stale and changes nothing`()
    throws
  {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    let stale = Advance(
      execution: key, revision: 7, journal: [.sample(at: test.now)], next: .step(.start), at: test.now)
    #expect(try test.store.perform(stale) == .stale)
    #expect(try test.store.read { try $0.journal(of: key) } == [])
    try test.end(key)
    let late = Advance(execution: key, revision: 0, journal: [], next: .step(.start), at: test.now)
    #expect(try test.store.perform(late) == .stale)
    let unknown = Advance(
      execution: RecordKey(rawValue: 1), revision: 0, journal: [], next: .step(.start), at: test.now)
    #expect(try test.store.perform(unknown) == .stale)
  }

  @Test func `attempts are kept in order, and those in the middle go when there are too many`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    for number in 1...100 {
      let attempt = AttemptRecord(number: number, at: test.now, durationMs: number)
      try park(key, until: test.now, request: nil, test, attempt: attempt)
      test.clock.pass(.milliseconds(1))
      _ = try test.store.perform(Claim(now: test.now, limit: 1))
    }
    let attempts = try test.store.read { try $0.attempts(of: key) }
    let expected = Array(1...8) + Array(45...100)
    #expect(attempts.map(\.attempt.number) == expected)
    #expect(attempts.allSatisfy { $0.path == .start })
  }

  @Test func `an output of any size is read back whole`() throws {
    let test = try TestStore()
    let key = try test.enqueue().executions[0]
    for size in [0, 1900, 2100, 4064, 9000, 300_000, 10] {
      let output = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
      let entry = JournalEntry.sample(at: test.now, output: output)
      _ = try test.store.perform(
        Advance(execution: key, revision: 0, journal: [entry], next: .step(.start), at: test.now))
      #expect(try test.store.read { try $0.journal(of: key) } == [entry])
    }
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  private func park(
    _ key: RecordKey, until: Timestamp, request: [UInt8]?, _ test: TestStore, attempt: AttemptRecord? = nil
  ) throws {
    let known = try #require(try test.execution(key))
    let wait = Advance.Wait(
      position: .start, until: until, reason: "backing off", attempt: known.attempt,
      firstAttemptAt: known.firstAttemptAt, request: request)
    let answer = try test.store.perform(
      Advance(
        execution: key, revision: known.revision, journal: [],
        attempt: attempt.map { StepAttempt(path: .start, attempt: $0) }, next: .wait(wait), at: test.now))
    #expect(answer == .recorded)
  }
}
