import RelayModel
import Testing

@testable import RelayStore

@Suite struct ShedTests {
  private func shed(_ test: TestStore, limit: Int = 500) throws -> (executions: Int, events: Int) {
    var (executions, events) = (0, 0)
    var after: RecordKey? = RecordKey(rawValue: 0)
    while let position = after {
      let answer = try test.store.perform(Shed(after: position, limit: limit))
      executions += answer.executions
      events += answer.events
      after = answer.next
    }
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
    return (executions, events)
  }

  @Test func `what ended well goes with its event, and what somebody waits for stays`() throws {
    let test = try TestStore()
    let keys = try (0..<5).map { _ in try test.enqueue().executions[0] }
    try test.end(keys[0])
    try test.end(keys[1], .failed)
    #expect(try test.store.perform(Cancel(execution: keys[2], now: test.now)) == .cancelled)
    try test.end(keys[3], .failed)
    _ = try test.store.perform(Discard(execution: keys[3]))
    #expect(try shed(test) == (3, 3))
    let left = try keys.map { try test.execution($0)?.status }
    #expect(left == [nil, .failed, nil, nil, .running], "a dead letter and what has not ended stay")
    #expect(try test.store.read { try $0.counters() }.events == 2)
  }

  @Test func `an event stays while one of its executions does`() throws {
    let test = try TestStore()
    let answer = try test.enqueue(workflows: ["a", "b"])
    try test.end(answer.executions[0])
    #expect(try shed(test) == (1, 0))
    try test.end(answer.executions[1])
    #expect(try shed(test) == (1, 1))
  }

  @Test func `a duplicate is recognised after its event was shed`() throws {
    let test = try TestStore()
    let answer = try test.enqueue(mark: .sample(1))
    try test.end(answer.executions[0])
    #expect(try shed(test) == (1, 1))
    let again = try test.enqueue(mark: .sample(1))
    #expect(again.duplicate)
    #expect(again.event == answer.event)
  }

  @Test func `a pass goes on where the last commit stopped, the oldest first`() throws {
    let test = try TestStore()
    let keys = try (0..<7).map { _ in try test.enqueue().executions[0] }
    for key in keys { try test.end(key) }
    let first = try test.store.perform(Shed(limit: 3))
    #expect(first.executions == 3)
    #expect(try keys.map { try test.execution($0) == nil } == [true, true, true, false, false, false, false])
    #expect(try shed(test, limit: 2) == (4, 4))
  }

  @Test func `what is deleted becomes free pages, and both are measured`() throws {
    let test = try TestStore(maxSize: .mebibytes(64))
    let body = String(repeating: "x", count: 3000)
    let keys = try (0..<300).map { _ in try test.enqueue(body: body).executions[0] }
    for key in keys { try test.end(key) }
    let before = try test.store.measure()
    #expect(before.live.bytes > 300 * 3000)
    #expect(!before.isOver(0.5) && before.limit == .mebibytes(64))
    _ = try shed(test)
    let after = try test.store.measure()
    #expect(after.live.bytes < before.live.bytes / 2)
    #expect(after.free.bytes > before.live.bytes / 2)
  }
}
