import RelayModel

struct StepPlan: Sendable {
  enum Verb: Sendable {
    case set
    /// `expects`: a 404 is what the step wants, too.
    case http(destination: Int, expects: Bool)
    case forward(destination: Int)
    case wait(Duration)
    case stop
    case fail
    /// The first branch is taken whose condition holds; one without holds always.
    case `switch`([BranchPlan])
    case forEach(LoopPlan)
    case parallel([ParallelPlan])
    /// `needs`: it fails for events of another kind.
    case map(needs: Int?)
    case code
    case respond
  }

  enum Condition: Sendable, Hashable {
    /// `event.body.kind` is this number.
    case kind(Int)
    /// The step has no output.
    case isNull(String)
    /// The element of the loop with that name is this number.
    case element(String, Int)
  }

  var id: String
  var verb: Verb
  var condition: Condition?
  /// A former step whose output the step sends or keeps.
  var reads: String?
  var continueOnError = false
  var timeout: Duration
  var retry: RetryPlan

  /// It makes attempts: a destination or the sandbox is asked.
  var asks: Bool {
    switch verb {
    case .http, .forward, .code: true
    case .set, .wait, .stop, .fail, .switch, .forEach, .parallel, .map, .respond: false
    }
  }

  /// It does anything that lasts, or a step inside it does.
  var hasEffect: Bool {
    switch verb {
    case .http, .forward, .code, .wait, .respond: true
    case .set, .map, .stop, .fail: false
    case .switch(let branches): branches.contains { $0.steps.contains(where: \.hasEffect) }
    case .forEach(let loop): loop.steps.contains(where: \.hasEffect)
    case .parallel(let branches): branches.contains { $0.steps.contains(where: \.hasEffect) }
    }
  }

  /// It holds steps of its own.
  var isBlock: Bool { steps(ofTurn: 0) != nil }

  /// The steps inside it that make the branch or turn `turn`; nil where it holds none such.
  func steps(ofTurn turn: UInt32) -> [StepPlan]? {
    switch verb {
    case .switch(let branches): Int(turn) < branches.count ? branches[Int(turn)].steps : nil
    case .parallel(let branches): Int(turn) < branches.count ? branches[Int(turn)].steps : nil
    case .forEach(let loop): loop.steps
    case .set, .http, .forward, .wait, .stop, .fail, .map, .code, .respond: nil
    }
  }
}

struct BranchPlan: Sendable {
  var condition: StepPlan.Condition?
  var steps: [StepPlan]
}

struct ParallelPlan: Sendable {
  var name: String
  var steps: [StepPlan]
}

/// A loop over the numbers from 0 on.
struct LoopPlan: Sendable {
  /// What the steps call the element.
  var name: String
  /// How many there are, by the event's `kind`.
  var counts: [Int]
  /// How many turns may be under way at once.
  var width: Int
  var steps: [StepPlan]

  func count(_ kind: Int) -> Int { counts[kind] }
}

struct RetryPlan: Sendable, Hashable {
  var initial: Duration
  var factor: Int
  var max: Duration
  var hasJitter: Bool
  var budget: Duration
  var attempts: Int?

  init(_ random: SeededRandom) {
    initial = random.pick([.milliseconds(100), .seconds(1)])
    factor = random.pick([1, 2, 3])
    max = random.pick([.seconds(5), .seconds(60)])
    hasJitter = random.chance(70)
    budget = random.pick([.seconds(30), .seconds(600), .seconds(7200)])
    attempts = random.pick([nil, nil, 1, 2, 4])
  }
}
