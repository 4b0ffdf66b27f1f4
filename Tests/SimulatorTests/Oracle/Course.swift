import RelayModel
import RelayStore

/// The way that an execution must take, worked out from the plan alone: the engine's walk is held against
/// this.
struct Course {
  enum Stop: Hashable {
    case request(StepPath)
    case wait(StepPath)
    case end(ExecutionStatus)
  }

  let plan: WorkflowPlan
  /// `event.body.kind`.
  let kind: Int

  /// Where an execution that stands at `place` stops next. `isWaitOver`: the wait there has begun before.
  func stop(from place: StepPath, _ journal: [StepPath: JournalEntry], isWaitOver: Bool) -> Stop {
    var (place, isWaitOver) = (place, isWaitOver)
    var nulls = Nulls(journal)
    while true {
      guard let step = plan.step(at: place) else {
        guard let next = leave(place, &nulls) else { return end(in: place.section) }
        place = next
        continue
      }
      guard holds(step.condition, at: place, nulls) else {
        nulls[place] = true
        place = place.next
        continue
      }
      switch step.verb {
      case .http, .forward, .code: return .request(place)
      case .wait:
        guard isWaitOver else { return .wait(place) }
        isWaitOver = false
        nulls[place] = true
        place = place.next
      case .set, .respond:
        nulls[place] = false
        place = place.next
      case .map(let needs) where needs == nil || needs == kind:
        nulls[place] = false
        place = place.next
      case .switch, .forEach: place = enter(step, at: place, &nulls)
      case .stop: return end(in: place.section)
      case .fail, .map:
        guard let next = fail(at: place, &nulls) else { return .end(.failed) }
        place = next
      }
    }
  }

  private func end(in section: StepPath.Section) -> Stop {
    .end(section == .steps ? .succeeded : .failed)
  }
}

// MARK: From one step to the next

extension Course {
  /// Into the steps of `step`, which stands at `place`; behind it where none of them is wanted.
  func enter(_ step: StepPlan, at place: StepPath, _ nulls: inout Nulls) -> StepPath {
    switch step.verb {
    case .switch(let branches):
      if let index = branches.firstIndex(where: { holds($0.condition, at: place, nulls) }) {
        return place.item(UInt32(index)).step(0)
      }
      nulls[place] = true
    case .forEach(let loop):
      if loop.count(kind) > 0 { return place.item(0).step(0) }
      nulls[place] = false
    case .set, .http, .forward, .wait, .stop, .fail, .map, .code, .respond: break
    }
    return place.next
  }

  /// Behind the last step of its list: into the next turn, or behind the step around; nil at the top.
  func leave(_ place: StepPath, _ nulls: inout Nulls) -> StepPath? {
    guard let block = place.block, let turn = place.turn, let step = plan.step(at: block) else { return nil }
    if case .forEach(let loop) = step.verb {
      if Int(turn) + 1 < loop.count(kind) { return block.item(turn + 1).step(0) }
      nulls[block] = false
    } else {
      nulls[block] = nulls[block.item(turn).step(place.step - 1)]
    }
    return block.next
  }

  /// Behind the innermost step that may fail, or to `onFailure`; nil where that has failed itself.
  func fail(at place: StepPath, _ nulls: inout Nulls) -> StepPath? {
    for step in place.line.reversed() where plan.step(at: step)?.continueOnError == true {
      nulls[step] = false
      return step.next
    }
    return place.section == .steps ? .failureStart : nil
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
