import RelayModel

/// Draws the steps of a plan.
struct StepDrawing {
  /// What a step sees of those around it.
  struct Scope {
    /// The step before it, or the last that is seen from inside.
    var last: String?
    /// The loops around it.
    var loops: [LoopPlan] = []
    var depth = 0
  }

  private let destinations: Int
  private let random: SeededRandom
  // What came later decides apart from all else, so that a seed's other steps are what they were before.
  private let blocks: SeededRandom
  private let verbs: SeededRandom

  /// How likely a step holds others, in percent, by how many it stands in.
  private static let nesting = [18, 25, 10]

  init(destinations: Int, _ random: SeededRandom, seed: UInt64) {
    self.destinations = destinations
    self.random = random
    blocks = SeededRandom(seed, stream: "blocks")
    verbs = SeededRandom(seed, stream: "verbs")
  }

  /// Draws the steps inside those that `outer` draws, all by what decides on blocks.
  private init(inside outer: StepDrawing) {
    destinations = outer.destinations
    random = outer.blocks
    blocks = outer.blocks
    verbs = outer.verbs
  }

  /// The next step of the list that `scope` is of.
  func step(_ id: String, isLast: Bool, _ scope: inout Scope) -> StepPlan {
    let destination = random.below(destinations)
    let verb: StepPlan.Verb =
      switch random.below(isLast ? 24 : 22) {
      case ..<13: .http(destination: destination, expects: random.chance(10))
      case ..<15: .forward(destination: destination)
      case ..<18: .set
      case ..<21: .wait(random.pick([.milliseconds(300), .seconds(20), .seconds(3600)]))
      case 21: .fail
      case 22: .stop
      default: .fail
      }
    var condition: StepPlan.Condition?
    if random.chance(20) { condition = .kind(random.below(2)) }
    if let last = scope.last, random.chance(10) { condition = .isNull(last) }
    // What follows an unconditional one is never reached, and refused.
    if case .fail = verb, !isLast, condition == nil { condition = .kind(random.below(2)) }
    var step = StepPlan(
      id: id, verb: verb, condition: condition, reads: scope.last, continueOnError: random.chance(20),
      timeout: random.pick([.milliseconds(800), .seconds(5), .seconds(30)]), retry: RetryPlan(random))
    if verbs.chance(20) { step.verb = later() }
    if scope.depth < Self.nesting.count, blocks.chance(Self.nesting[scope.depth]) {
      step.verb = block(id, scope)
    }
    if let loop = scope.loops.last, blocks.chance(15) {
      step.condition = .element(loop.name, blocks.below(3))
    }
    scope.last = id
    return step
  }

  private func later() -> StepPlan.Verb {
    switch verbs.below(8) {
    case ..<4: .code
    case ..<6: .map(needs: verbs.pick([nil, 0, 1]))
    default: .respond
    }
  }

  // MARK: Blocks

  private func block(_ id: String, _ scope: Scope) -> StepPlan.Verb {
    switch blocks.below(10) {
    case ..<4: return .forEach(loop(id, scope))
    case ..<7: return .parallel(parallel(id, scope))
    default: return .switch(choice(id, scope))
    }
  }

  private func choice(_ id: String, _ scope: Scope) -> [BranchPlan] {
    let count = blocks.pick([1, 2, 2, 3])
    return (0..<count).map { index in
      let isElse = index == count - 1 && blocks.chance(60)
      return BranchPlan(condition: isElse ? nil : condition(scope), steps: steps("\(id)_\(index)", scope))
    }
  }

  private func parallel(_ id: String, _ scope: Scope) -> [ParallelPlan] {
    ["left", "right", "third"].prefix(blocks.pick([1, 2, 2, 2, 3])).enumerated().map { index, name in
      ParallelPlan(name: name, steps: steps("\(id)_\(index)", scope))
    }
  }

  private func condition(_ scope: Scope) -> StepPlan.Condition {
    if let loop = scope.loops.last, blocks.chance(40) { return .element(loop.name, blocks.below(2)) }
    if let last = scope.last, blocks.chance(20) { return .isNull(last) }
    return .kind(blocks.below(2))
  }

  private func loop(_ id: String, _ scope: Scope) -> LoopPlan {
    var loop = LoopPlan(
      name: "e\(scope.depth)", counts: (0..<2).map { _ in blocks.pick([0, 1, 2, 2, 3]) },
      width: blocks.pick([1, 1, 2, 3]), steps: [])
    var inner = scope
    inner.loops.append(loop)
    loop.steps = steps("\(id)_", inner)
    return loop
  }

  private func steps(_ id: String, _ scope: Scope) -> [StepPlan] {
    let drawing = StepDrawing(inside: self)
    var scope = scope
    scope.depth += 1
    let count = blocks.pick([1, 1, 2, 3])
    return (0..<count).map { drawing.step("\(id)\($0)", isLast: $0 == count - 1, &scope) }
  }
}
