import RelayModel
import RelayStore

/// The way that an execution must take, worked out from the plan alone: the engine's walk is held against
/// this.
struct Course {
  enum Stop: Hashable {
    case request(StepPath)
    case wait(StepPath)
    /// Branches begin side by side.
    case fork(StepPath)
    /// The branch or turn of a strand is over.
    case turn
    case end(ExecutionStatus)
  }

  /// Who walks, and where it stands.
  struct Stand {
    var place: StepPath
    /// Of a strand, the step whose branch it walks.
    var block: StepPath?
    /// The wait at `place` has begun before.
    var hasWaited = false
    /// What the branches came to that begin at `place`; nil where they have not begun.
    var branches: BranchEnd?
  }

  let plan: WorkflowPlan
  /// `event.body.kind`.
  let kind: Int

  /// Where one that stands at `stand` stops next.
  func stop(from stand: Stand, _ journal: [StepPath: JournalEntry]) -> Stop {
    var way = Way(course: self, block: stand.block, place: stand.place, nulls: Nulls(journal))
    if let branches = stand.branches {
      if let stop = way.close(branches) { return stop }
    } else if stand.hasWaited {
      way.passNull()
    }
    return way.stop()
  }

  // MARK: What is inside a step

  /// Which branches or turns of `step`, which stands at `place`, are walked.
  func turns(of step: StepPlan, at place: StepPath, _ nulls: Nulls) -> [UInt32] {
    switch step.verb {
    case .switch(let branches):
      branches.firstIndex { holds($0.condition, at: place, nulls) }.map { [UInt32($0)] } ?? []
    case .forEach(let loop): (0..<loop.count(kind)).map(UInt32.init)
    case .parallel(let branches): branches.indices.map(UInt32.init)
    case .set, .http, .forward, .wait, .stop, .fail, .map, .code, .respond: []
    }
  }

  /// Whether the branches of `step` are under way side by side. Where nothing inside has an effect nobody could
  /// tell, and they are not.
  func forks(_ step: StepPlan) -> Bool {
    switch step.verb {
    case .forEach(let loop): loop.width > 1 && loop.count(kind) > 1 && loop.steps.contains(where: \.hasEffect)
    case .parallel(let branches):
      branches.count > 1 && branches.contains { $0.steps.contains(where: \.hasEffect) }
    default: false
    }
  }

  func holds(_ condition: StepPlan.Condition?, at place: StepPath, _ nulls: Nulls) -> Bool {
    switch condition {
    case .none: true
    case .kind(let number): number == kind
    case .isNull(let id): plan.place(of: id, seenFrom: place).flatMap { nulls[$0] } ?? false
    case .element(let name, let number): plan.turn(of: name, around: place) == UInt32(number)
    }
  }
}

/// What a branch came to.
enum BranchEnd: Equatable {
  case passed
  case failed
  /// It came to a `stop`.
  case stopped
  /// The process died in it three times.
  case poisoned
  /// It is not over; or what is on record of it cannot be.
  case open(String)
}

/// Which steps have come to null.
struct Nulls {
  private var known: [StepPath: Bool] = [:]

  /// As it is on record.
  init(_ journal: [StepPath: JournalEntry]) {
    for (place, entry) in journal where entry.finishedAt != nil {
      known[place] = entry.output.map { $0 == Array("null".utf8) } ?? true
    }
  }

  subscript(place: StepPath) -> Bool? {
    get { known[place] }
    set { known[place] = newValue }
  }
}

extension WorkflowPlan {
  /// Where the step `id` stands, as the one at `place` sees it.
  fileprivate func place(of id: String, seenFrom place: StepPath) -> StepPath? {
    for step in place.line {
      var former = step.first
      while former < step {
        if self.step(at: former)?.id == id { return former }
        former = former.next
      }
    }
    return nil
  }

  /// Which turn of the loop that calls its element `name` the step at `place` stands in.
  fileprivate func turn(of name: String, around place: StepPath) -> UInt32? {
    for inner in place.line.reversed() {
      guard let block = inner.block, case .forEach(let loop)? = step(at: block)?.verb, loop.name == name
      else {
        continue
      }
      return inner.turn
    }
    return nil
  }
}
