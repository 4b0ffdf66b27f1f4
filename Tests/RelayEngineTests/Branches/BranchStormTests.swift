import Testing

/// Nests of branches under random disasters.
@Suite struct BranchStormTests {
  @Test(arguments: [1...25, 26...50, 51...75, 76...100] as [ClosedRange<UInt64>])
  func `no nest of branches breaks a promise`(seeds: ClosedRange<UInt64>) throws {
    for seed in seeds {
      let storm = try BranchStorm(seed: seed)
      #expect(storm.violations.isEmpty, "seed \(seed): \(storm.violations)")
    }
  }

  @Test(arguments: StormSabotage.allCases)
  func `a planted fault is found`(fault: StormSabotage) throws {
    for seed in 1...60 as ClosedRange<UInt64> {
      if try !BranchStorm(seed: seed, sabotage: fault).violations.isEmpty { return }
    }
    Issue.record("nobody noticed that the store \(fault)")
  }
}
