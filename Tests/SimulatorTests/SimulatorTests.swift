import Glibc
import RelayStore
import Testing

/// The real engine on the real store, under a virtual clock, through crashes, misbehaving destinations and
/// clock jumps. `PETREL_SEEDS` says how many seeds, `PETREL_SEED` which one.
@Suite struct SimulatorTests {
  @Test(arguments: Seeds.chunks)
  func `no seed breaks a promise`(seeds: Seeds) throws {
    var failures = 0
    for seed in seeds.range {
      guard let report = try Run.report(seed: seed) else { continue }
      failures += 1
      if failures <= 3 { Issue.record("\(report)") }
    }
    #expect(failures == 0, "\(failures) of \(seeds.range.count) seeds fail")
  }

  @Test(arguments: [1, 7, 42] as [UInt64])
  func `a seed decides everything`(seed: UInt64) throws {
    let first = try Run(seed: seed, keepsHistory: true)
    let second = try Run(seed: seed, keepsHistory: true)
    #expect(first.fingerprint == second.fingerprint)
    #expect(first.requests == second.requests)
  }
}

/// Some seeds to be run by one test, so that several run at once.
struct Seeds: Sendable, CustomTestStringConvertible {
  let range: ClosedRange<UInt64>

  var testDescription: String { "\(range)" }

  private static let chunk: UInt64 = 50

  static let chunks: [Seeds] = {
    if let seed = number("PETREL_SEED") { return [Seeds(range: seed...seed)] }
    let last = max(number("PETREL_SEEDS") ?? 1000, 1)
    return stride(from: 1, through: last, by: chunk.intValue).map {
      Seeds(range: $0...min($0 + chunk - 1, last))
    }
  }()

  /// Nil where the variable is not set, or empty.
  private static func number(_ name: String) -> UInt64? {
    guard let text = unsafe getenv(name) else { return nil }
    return UInt64(unsafe String(cString: text))
  }
}

extension UInt64 {
  fileprivate var intValue: Int { Int(clamping: self) }
}
