import RelayModel
import Testing

@testable import RelayStore

@Suite struct DedupeTests {
  @Test func `a repetition gets the first answer, and nothing of it is kept`() throws {
    let test = try TestStore()
    let first = try test.enqueue(workflows: ["a", "b"], mark: .sample(1))
    let second = try test.enqueue(workflows: ["c"], mark: .sample(1))
    #expect(second.duplicate)
    #expect(second.event == first.event)
    #expect(second.executions == first.executions)
    let counters = try test.store.read { try $0.counters() }
    #expect(counters.events == 1)
    #expect(counters.backlog == 2)
    #expect(try test.enqueue(mark: .sample(2)).duplicate == false)
  }

  @Test func `repetitions are counted, with the next commit`() throws {
    let test = try TestStore()
    _ = try test.enqueue(mark: .sample(1))
    _ = try test.enqueue(mark: .sample(1))
    _ = try test.enqueue(mark: .sample(2))
    let counters = try #require(try test.store.read { try $0.counters() }.hooks["github"])
    #expect(counters == HookCounters(accepted: 2, duplicates: 1, rejected: 0))
  }

  @Test func `two of the same in one commit are one event`() throws {
    let test = try TestStore()
    let answers = Answers<EnqueueAnswer>()
    for _ in 0..<2 {
      test.store.submit(
        Enqueue(event: .sample(now: test.now), executions: [], mark: .sample(1), now: test.now)
      ) { answers.put($0) }
    }
    test.store.pump()
    let both = try answers.all.map { try $0.get() }
    #expect(both.map(\.duplicate) == [false, true])
    #expect(both[0].event == both[1].event)
  }

  @Test(arguments: [
    (Duration.seconds(3600), Duration.seconds(3600), true),
    (.seconds(3600), .seconds(3601), false),
    (.seconds(72 * 3600), .seconds(72 * 3600), true),
    (.seconds(72 * 3600), .seconds(72 * 3600 + 1), false),
    (.milliseconds(1), .milliseconds(2), false),
  ])
  func `a mark counts for its window and not longer`(window: Duration, later: Duration, isDuplicate: Bool)
    throws
  {
    let test = try TestStore()
    _ = try test.enqueue(mark: .sample(1, window: window))
    test.clock.pass(later)
    #expect(try test.enqueue(mark: .sample(1, window: window)).duplicate == isDuplicate)
  }

  @Test func `after its window a mark stands for the new event`() throws {
    let test = try TestStore()
    _ = try test.enqueue(mark: .sample(1, window: .seconds(10)))
    test.clock.pass(.seconds(11))
    let second = try test.enqueue(mark: .sample(1, window: .seconds(10)))
    test.clock.pass(.seconds(5))
    #expect(try test.enqueue(mark: .sample(1, window: .seconds(10))).event == second.event)
  }

  @Test func `a mark outlives its event`() throws {
    let test = try TestStore()
    let first = try test.enqueue(workflows: [], mark: .sample(1))
    test.clock.pass(.seconds(3600))
    try test.sweep(Retention(succeeded: .seconds(60), failed: .seconds(60), dedupe: .seconds(72 * 3600)))
    #expect(try test.store.read { try $0.event(first.event) } == nil)
    #expect(try test.enqueue(mark: .sample(1)).event == first.event)
  }

  @Test func `a clock that went back does not forget`() throws {
    let test = try TestStore()
    let first = try test.enqueue(mark: .sample(1))
    test.clock.pass(.seconds(-86_400))
    #expect(try test.enqueue(mark: .sample(1)).event == first.event)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 200])
  func `a mark is known wherever it is on its way to the index, also after a restart`(count: Int) throws {
    let test = try TestStore()
    let events = try (0..<count).map { try test.enqueue(workflows: [], mark: .sample(UInt64($0))).event }
    for _ in 0..<2 {
      for (number, event) in events.enumerated() {
        #expect(try test.enqueue(workflows: [], mark: .sample(UInt64(number))).event == event)
      }
      try test.reopen()
    }
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
  }

  @Test func `a mark of a commit that never came is not known`() throws {
    let test = try TestStore()
    let enqueue = Enqueue(event: .sample(now: test.now), executions: [], mark: .sample(1), now: test.now)
    test.store.submit(enqueue) { _ in }
    try test.crash(.crashBefore)
    #expect(try test.enqueue(mark: .sample(1)).duplicate == false)
  }
}
