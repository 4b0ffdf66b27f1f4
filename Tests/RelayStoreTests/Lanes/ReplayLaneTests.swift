import RelayModel
import Testing

@testable import RelayStore

/// Bulk replay in lanes, beside live events.
@Suite struct ReplayLaneTests {
  private let test: TestStore

  init() throws { test = try TestStore() }

  private func enqueue(_ lane: Lane) throws -> EnqueueAnswer {
    try test.store.perform(
      Enqueue(
        event: .sample(hook: "github", body: [], now: test.now),
        executions: [NewExecution(workflow: "flow", version: 1, lanes: [lane])], mark: nil, now: test.now))
  }

  private func claim() throws -> [RecordKey] {
    try test.store.perform(Claim(now: test.now, limit: 64)).map(\.key)
  }

  /// Who goes through a lane of width 1, one after another: one that holds it, three replayed, then a live one.
  private func passage(_ kind: Lane.Kind) throws -> (
    replayed: [RecordKey], live: RecordKey, order: [RecordKey]
  ) {
    let lane = Lane(kind, id: [UInt8](repeating: 1, count: 16), width: 1)
    let first = try enqueue(lane)
    let new = NewExecution(workflow: "flow", version: 1, origin: .replay, lanes: [lane])
    let replayed = try #require(
      try test.store.perform(
        Replay(event: first.event, executions: [new, new, new], background: true, now: test.now)))
    let live = try enqueue(lane).executions[0]
    var order: [RecordKey] = []
    var last = first.executions[0]
    for _ in 0..<4 {
      try test.end(last)
      #expect(try test.store.read { try Checker.check($0) }.findings == [])
      last = try #require(try claim().first)
      order.append(last)
    }
    return (replayed, live, order)
  }

  @Test func `live events go before bulk replay where concurrency bounds both`() throws {
    let (replayed, live, order) = try passage(.concurrency)
    #expect(order == [live] + replayed)
  }

  @Test func `order is held to, whoever came first`() throws {
    let (replayed, live, order) = try passage(.order)
    #expect(order == replayed + [live])
  }
}
