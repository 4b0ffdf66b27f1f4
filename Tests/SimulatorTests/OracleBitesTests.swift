import Testing

/// Every rule is shown red: a fault is planted, and the oracle must find that very promise broken.
@Suite struct OracleBitesTests {
  @Test(arguments: Sabotage.allCases)
  func `the oracle finds a planted fault`(sabotage: Sabotage) throws {
    var left = sabotage.rules
    for seed in UInt64(1)...60 where !left.isEmpty {
      left.subtract(try Run(seed: seed, sabotage: sabotage).violations.map(\.rule))
    }
    #expect(left.isEmpty, "\(sabotage) breaks \(left.map(\.rawValue)), and no seed shows it")
  }

  @Test(arguments: Rule.allCases)
  func `a fault is planted for every rule`(rule: Rule) {
    #expect(Sabotage.allCases.contains { $0.rules.contains(rule) })
  }
}
