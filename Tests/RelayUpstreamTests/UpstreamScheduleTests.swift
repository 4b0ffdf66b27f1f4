import RelayModel
import RelayStore
import Synchronization
import Testing

@testable import RelayUpstream

/// Random trouble between an edge and central, decided by a seed; and after it, peace.
@Suite struct UpstreamScheduleTests {
  private final class Trouble: Sendable {
    let isOver = Mutex(false)
    let random: ModelRandom

    init(_ seed: UInt64) { random = ModelRandom(seed) }

    func fate() -> CentralModel.Fate {
      guard !isOver.withLock({ $0 }) else { return .serve }
      return switch random.below(14) {
      case 0: .lose
      case 1, 2: .loseAnswer
      case 3: .answer(413)
      case 4: .answer(429, fields: [("Retry-After", "\(random.below(90))")])
      case 5: .answer(503)
      case 6: .answer(200, body: "garbage")
      case 7: .answer(401)
      case 8: .answer(500)
      case 9: .boast(UInt64(1 + random.below(1000)))
      default: .serve
      }
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `once trouble stops, every end is held exactly once, in order, and no number is missing`(seed: UInt64)
    throws
  {
    let trouble = Trouble(seed)
    let central = CentralModel { _ in trouble.fate() }
    let bench = try UpstreamBench(seed: seed, central)
    var ids: [String] = []
    for _ in 0..<150 {
      switch bench.random.below(12) {
      case 0...5: ids.append(try bench.end(bench.random.below(3) == 0 ? .failed : .succeeded))
      case 6: central.state.withLock { $0.nextBatch = 1 + bench.random.below(9) }
      case 7: central.state.withLock { $0.capacity = 1 + bench.random.below(9) }
      case 8: try bench.crash(bench.random.below(2) == 0 ? .crashBefore : .crashAfter)
      case 9: bench.turn()
      default: bench.pass(.milliseconds(bench.random.below(20_000)))
      }
    }
    trouble.isOver.withLock { $0 = true }
    #expect(bench.drain() != nil)
    #expect(central.ends == ids)
    #expect(Set(ids).count == ids.count)
    #expect(central.complaints == [])
    let state = central.state.withLock { $0 }
    #expect(state.ledgers.values.allSatisfy { $0.lost.isEmpty })
    #expect(try bench.store.read { try Checker.check($0) }.findings == [])
  }
}
