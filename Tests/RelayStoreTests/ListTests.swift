import RelayModel
import Testing

@testable import RelayStore

@Suite struct ListTests {
  /// Executions 0…29 of three workflows: every third fails, the next is cancelled, the last succeeds but
  /// for the newest three, which run.
  private func filled() throws -> (TestStore, [RecordKey]) {
    let test = try TestStore()
    var keys: [RecordKey] = []
    for number in 0..<30 {
      let key = try test.enqueue(
        hook: number < 15 ? "github" : "stripe", workflows: ["flow-\(number % 2)"]
      ).executions[0]
      keys.append(key)
      if number < 27 {
        switch number % 3 {
        case 0: try test.end(key, .failed)
        case 1: _ = try test.store.perform(Cancel(execution: key, now: test.now))
        default: try test.end(key)
        }
      }
      test.clock.pass(.seconds(1))
    }
    return (test, keys)
  }

  private func all(_ test: TestStore, _ filter: ExecutionFilter, limit: Int = 4) throws -> [RecordKey] {
    var keys: [RecordKey] = []
    var before: RecordKey?
    repeat {
      let page = try test.store.read { try $0.executions(filter, before: before, limit: limit) }
      #expect(page.items.count <= limit)
      keys += page.items.map(\.key)
      before = page.next
    } while before != nil
    return keys
  }

  @Test func `pages join without a gap or a repeat, the newest first`() throws {
    let (test, keys) = try filled()
    for limit in [1, 4, 29, 30, 31] {
      #expect(try all(test, ExecutionFilter(), limit: limit) == keys.reversed())
    }
  }

  @Test func `each filter shows what it names and nothing else`() throws {
    let (test, keys) = try filled()
    func expect(_ filter: ExecutionFilter, _ belongs: (Int) -> Bool) throws {
      #expect(try all(test, filter) == keys.indices.filter(belongs).reversed().map { keys[$0] })
    }
    try expect(ExecutionFilter(statuses: [.failed])) { $0 < 27 && $0 % 3 == 0 }
    try expect(ExecutionFilter(statuses: [.cancelled])) { $0 < 27 && $0 % 3 == 1 }
    try expect(ExecutionFilter(statuses: [.running])) { $0 >= 27 }
    try expect(ExecutionFilter(statuses: [.failed, .running])) { $0 >= 27 || $0 % 3 == 0 }
    try expect(ExecutionFilter(workflow: "flow-1")) { $0 % 2 == 1 }
    try expect(ExecutionFilter(statuses: [.succeeded], workflow: "flow-0")) {
      $0 < 27 && $0 % 3 == 2 && $0 % 2 == 0
    }
    try expect(ExecutionFilter(statuses: [.failed], workflow: "flow-0")) { $0 < 27 && $0 % 6 == 0 }
    try expect(ExecutionFilter(hook: "stripe")) { $0 >= 15 }
    try expect(ExecutionFilter(deadLetters: true)) { $0 < 27 && $0 % 3 == 0 }
    try expect(ExecutionFilter(since: keys[20].instant)) { $0 >= 20 }
    try expect(ExecutionFilter(workflow: "flow")) { _ in false }
  }

  @Test func `events are listed by hook and by age`() throws {
    let (test, keys) = try filled()
    let stripe = try test.store.read { try $0.events(hook: "stripe", before: nil, limit: 50) }
    #expect(stripe.items.count == 15)
    #expect(stripe.items.allSatisfy { $0.record.hook == "stripe" })
    let recent = try test.store.read { try $0.events(before: nil, since: keys[25].instant, limit: 50) }
    #expect(recent.items.count == 5)
  }
}
