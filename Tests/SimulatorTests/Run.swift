import RelayStore

/// One run of the simulator: a seed decides all of it.
struct Run {
  let seed: UInt64
  private(set) var violations: [Violation] = []
  private(set) var counts = World.Counts()
  private(set) var requests = 0
  private(set) var history: [String] = []
  private(set) var fingerprint: UInt64 = 0

  init(seed: UInt64, keepsHistory: Bool = false, sabotage: Sabotage? = nil) throws(StoreError) {
    self.seed = seed
    let scenario = Scenario(seed: seed)
    let world = try World(scenario, keepsHistory: keepsHistory, sabotage: sabotage)
    world.history.note("\(scenario)")
    for _ in 0..<scenario.turns where world.oracle.violations.isEmpty { try world.turn() }
    if world.oracle.violations.isEmpty { try world.comeToRest() }
    violations = world.oracle.violations
    counts = world.counts
    requests = world.oracle.requests.count
    history = world.history.last(200)
    fingerprint = world.history.fingerprint
  }

  /// Runs the seed once more and tells what happened last; nil where nothing was violated.
  static func report(seed: UInt64, sabotage: Sabotage? = nil) throws(StoreError) -> String? {
    guard try !Run(seed: seed, sabotage: sabotage).violations.isEmpty else { return nil }
    let again = try Run(seed: seed, keepsHistory: true, sabotage: sabotage)
    return """
      seed \(seed): \(again.violations.first.map { "\($0)" } ?? "it went well the second time")
      replay: make simulate SEED=\(seed)
        \(again.history.joined(separator: "\n  "))
      """
  }
}
