import RelayEngine
import RelayModel
import RelayStore

/// What a seed decides before the run begins. The smaller numbers come more often, because a small run
/// that fails is understood sooner.
struct Scenario: Sendable {
  let seed: UInt64
  /// How many turns the world misbehaves, before it must come to rest.
  var turns: Int
  var workflows: [WorkflowPlan]
  var destinations: Int
  var deliveries: Int
  /// `limits.executions`.
  var executions: Int
  var limits: DestinationGate.Limits
  /// Of each commit, in percent, to be the process's last.
  var deaths: Int
  /// Of each turn, in percent, to move the wall clock by up to a day.
  var jumps: Int
  /// Of each turn, in percent, to change a destination's mood.
  var moods: Int
  /// Whether ended executions are swept away.
  var sweeps: Bool

  static let retention = Retention(
    succeeded: .seconds(1800), failed: .seconds(7200), dedupe: .seconds(30 * 86_400))
  static let window = Duration.seconds(30 * 86_400)

  init(seed: UInt64) {
    let random = SeededRandom(seed, stream: "scenario")
    self.seed = seed
    destinations = random.pick([1, 1, 2, 3])
    let lanes = SeededRandom(seed, stream: "lanes")
    let drawing = StepDrawing(destinations: destinations, random, seed: seed)
    workflows = (0..<random.pick([1, 1, 2, 3])).map {
      WorkflowPlan(name: "flow\($0)", random, lanes: lanes, drawing)
    }
    turns = random.pick([30, 50, 80])
    deliveries = random.pick([1, 2, 3, 5, 8])
    executions = random.pick([1, 2, 3, 6])
    limits = DestinationGate.Limits(
      concurrency: random.within(1...4),
      breaker: Breaker.Rule(
        failures: random.pick([2, 3, 5, 20]), probe: .seconds(1),
        max: random.pick([.seconds(4), .seconds(60)])))
    deaths = random.pick([0, 2, 5, 10, 25])
    jumps = random.pick([0, 0, 2, 5])
    moods = random.pick([0, 5, 20])
    sweeps = random.chance(30)
  }
}
