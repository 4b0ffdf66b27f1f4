import RelayModel
import RelayStore

/// Goes along a course, from step to step.
struct Way {
  let course: Course
  /// Of a strand, the step whose branch it walks.
  let block: StepPath?
  private(set) var place: StepPath
  private(set) var nulls: Nulls

  init(course: Course, block: StepPath?, place: StepPath, nulls: Nulls) {
    self.course = course
    self.block = block
    self.place = place
    self.nulls = nulls
  }

  /// Where it stops next.
  mutating func stop() -> Course.Stop {
    while true {
      guard let step = course.plan.step(at: place) else {
        if let stop = leave() { return stop }
        continue
      }
      guard course.holds(step.condition, at: place, nulls) else {
        passNull()
        continue
      }
      switch step.verb {
      case .http, .forward, .code: return .request(place)
      case .wait: return .wait(place)
      case .set, .respond: pass()
      case .map(let needs) where needs == nil || needs == course.kind: pass()
      case .switch, .forEach, .parallel:
        if course.forks(step) { return .fork(place) }
        enter(step)
      case .stop: return .end(status)
      case .fail, .map: if let stop = fail() { return stop }
      }
    }
  }

  /// The step at `place` is over, with an output or without.
  mutating func pass() { pass(isNull: false) }
  mutating func passNull() { pass(isNull: true) }

  /// The branches of the step at `place` are over.
  mutating func close(_ end: BranchEnd) -> Course.Stop? {
    switch end {
    case .passed:
      pass()
      return nil
    case .failed: return fail()
    case .stopped: return .end(status)
    // No `continueOnError` makes it good.
    case .poisoned: return give()
    case .open: return .fork(place)
    }
  }

  private var status: ExecutionStatus { place.section == .steps ? .succeeded : .failed }

  private mutating func pass(isNull: Bool) {
    nulls[place] = isNull
    place = place.next
  }

  /// Into the steps of `step`, or past it where none of them is wanted.
  private mutating func enter(_ step: StepPlan) {
    if let turn = course.turns(of: step, at: place, nulls).first {
      place = place.item(turn).step(0)
    } else if case .switch = step.verb {
      passNull()
    } else {
      pass()
    }
  }

  /// Behind the last step of its list: into the next turn, or behind the step around.
  private mutating func leave() -> Course.Stop? {
    guard let around = place.block, let turn = place.turn, let step = course.plan.step(at: around) else {
      return .end(status)
    }
    if around == block { return .turn }
    let last = place.step > 0 ? nulls[around.item(turn).step(place.step - 1)] : nil
    place = around
    if case .switch = step.verb {
      pass(isNull: last ?? true)
    } else if course.turns(of: step, at: around, nulls).contains(turn + 1) {
      place = around.item(turn + 1).step(0)
    } else {
      pass()
    }
    return nil
  }

  /// Behind the innermost step that may fail, or to `onFailure`.
  private mutating func fail() -> Course.Stop? {
    let inside = block?.depth ?? 0
    for step in place.line.reversed() where step.depth > inside {
      guard course.plan.step(at: step)?.continueOnError == true else { continue }
      place = step
      pass()
      return nil
    }
    return give()
  }

  private mutating func give() -> Course.Stop? {
    guard block == nil, place.section == .steps else { return .end(.failed) }
    place = .failureStart
    return nil
  }
}
