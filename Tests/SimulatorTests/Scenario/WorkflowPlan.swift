import RelayModel
import RelayStore

/// A workflow as the simulator means it: the engine reads `document`, the oracle reads this, and the two
/// must come to the same.
struct WorkflowPlan: Sendable {
  var name: String
  var steps: [StepPlan]
  var onFailure: [StepPlan]
  var lanes: LanePlan

  /// The step at `place`; nil beyond the end of its section.
  func step(at place: StepPath) -> StepPlan? {
    let list = place.section == .steps ? steps : onFailure
    return place.step < list.count ? list[place.step] : nil
  }

  /// The place of a step that a key names: `a`, `onFailure/a`, `onFailure~2/a`.
  func place(of name: String) -> StepPath? {
    guard let slash = name.lastIndex(of: "/") else {
      return steps.firstIndex { $0.id == name }.map { StepPath(.steps, $0) }
    }
    guard name.hasPrefix("onFailure") else { return nil }
    return onFailure.firstIndex { $0.id == name[name.index(after: slash)...] }.map {
      StepPath(.onFailure, $0)
    }
  }
}

struct StepPlan: Sendable {
  enum Verb: Sendable, Hashable {
    case set
    /// `expects`: a 404 is what the step wants, too.
    case http(destination: Int, expects: Bool)
    case forward(destination: Int)
    case wait(Duration)
    case stop
    case fail
  }

  enum Condition: Sendable, Hashable {
    /// `event.body.kind` is this number.
    case kind(Int)
    /// The step has no output.
    case isNull(String)
  }

  var id: String
  var verb: Verb
  var condition: Condition?
  /// A former step whose output the step sends or keeps.
  var reads: String?
  var continueOnError = false
  var timeout: Duration
  var retry: RetryPlan

  var destination: Int? {
    switch verb {
    case .http(let destination, _), .forward(let destination): destination
    case .set, .wait, .stop, .fail: nil
    }
  }
}

struct RetryPlan: Sendable, Hashable {
  var initial: Duration
  var factor: Int
  var max: Duration
  var hasJitter: Bool
  var budget: Duration
  var attempts: Int?
}

// MARK: Drawing

extension WorkflowPlan {
  /// - Parameter lanes: decides on the lanes, apart from all else, so that a seed's steps are what they were before.
  init(name: String, destinations: Int, _ random: SeededRandom, lanes: SeededRandom) {
    self.name = name
    self.lanes = LanePlan(lanes)
    let count = random.pick([1, 1, 2, 2, 3, 4, 5])
    var steps: [StepPlan] = []
    for index in 0..<count {
      let isLast = index == count - 1
      steps.append(StepPlan("s\(index)", after: steps, isLast: isLast, destinations: destinations, random))
    }
    self.steps = steps
    onFailure =
      random.chance(35)
      ? [StepPlan("tell", after: [], isLast: false, destinations: destinations, random)] : []
    if !onFailure.isEmpty, random.chance(30) {
      onFailure.append(
        StepPlan("mark", after: onFailure, isLast: true, destinations: destinations, random))
    }
  }
}

extension StepPlan {
  fileprivate init(
    _ id: String, after former: [StepPlan], isLast: Bool, destinations: Int, _ random: SeededRandom
  ) {
    let destination = random.below(destinations)
    let verb: Verb =
      switch random.below(isLast ? 24 : 22) {
      case ..<13: .http(destination: destination, expects: random.chance(10))
      case ..<15: .forward(destination: destination)
      case ..<18: .set
      case ..<21: .wait(random.pick([.milliseconds(300), .seconds(20), .seconds(3600)]))
      case 21: .fail
      case 22: .stop
      default: .fail
      }
    let before = former.last?.id
    var condition: Condition?
    if random.chance(20) { condition = .kind(random.below(2)) }
    if let before, random.chance(10) { condition = .isNull(before) }
    // What follows an unconditional one is never reached, and refused.
    if case .fail = verb, !isLast, condition == nil { condition = .kind(random.below(2)) }
    self.init(
      id: id, verb: verb, condition: condition, reads: before, continueOnError: random.chance(20),
      timeout: random.pick([.milliseconds(800), .seconds(5), .seconds(30)]), retry: RetryPlan(random))
  }
}

extension RetryPlan {
  fileprivate init(_ random: SeededRandom) {
    self.init(
      initial: random.pick([.milliseconds(100), .seconds(1)]), factor: random.pick([1, 2, 3]),
      max: random.pick([.seconds(5), .seconds(60)]), hasJitter: random.chance(70),
      budget: random.pick([.seconds(30), .seconds(600), .seconds(7200)]),
      attempts: random.pick([nil, nil, 1, 2, 4]))
  }
}
