import RelayModel
import RelayStore

extension Course {
  /// How the outcomes on record must have ended; text where they are not those of a whole walk.
  ///
  /// - Parameter poisoned: the branches that were given up.
  func end(of journal: [StepPath: JournalEntry], poisoned: Set<StepPath>) -> (ExecutionStatus?, String) {
    var audit = Audit(self, journal, poisoned: poisoned)
    var end = audit.list(from: .start)
    var status = ExecutionStatus.succeeded
    if end == .failed || end == .poisoned {
      status = .failed
      end = audit.list(from: .failureStart)
    }
    if case .open(let complaint) = end { return (nil, complaint) }
    // Of branches that were given up anything may be on record.
    guard audit.seen == journal.count || !poisoned.isEmpty else {
      return (nil, "\(journal.count) outcomes are on record, of which the way has \(audit.seen)")
    }
    return (status, "")
  }

  /// What the branches of the step at `block` have come to, which are under way side by side.
  ///
  /// - Parameter poisoned: the branches that were given up.
  func end(ofBranchesAt block: StepPath, _ journal: [StepPath: JournalEntry], poisoned: Set<StepPath>)
    -> BranchEnd
  {
    guard let step = plan.step(at: block) else { return .open("there is no step") }
    var audit = Audit(self, journal, poisoned: poisoned)
    return audit.inside(step, at: block)
  }

  /// What the branch or turn `base` has come to.
  func end(ofBranch base: StepPath, _ journal: [StepPath: JournalEntry]) -> BranchEnd {
    var audit = Audit(self, journal)
    return audit.list(from: base.step(0))
  }
}

/// Goes over what is on record of a course, list by list.
private struct Audit {
  private let course: Course
  private let journal: [StepPath: JournalEntry]
  private let nulls: Nulls
  private let poisoned: Set<StepPath>
  /// Outcomes on the way so far.
  private(set) var seen = 0

  init(_ course: Course, _ journal: [StepPath: JournalEntry], poisoned: Set<StepPath> = []) {
    self.course = course
    self.journal = journal
    self.poisoned = poisoned
    nulls = Nulls(journal)
  }

  /// What the list of steps came to that begins with `first`.
  mutating func list(from first: StepPath) -> BranchEnd {
    var place = first
    while let step = course.plan.step(at: place) {
      guard let entry = journal[place] else { return .open("\(step.id) has no outcome") }
      seen += 1
      let isWanted = course.holds(step.condition, at: place, nulls)
      guard (entry.status == .skipped) == !isWanted else {
        return .open("\(step.id) is \(entry.status) although its `if` is \(isWanted)")
      }
      let end = isWanted ? end(of: step, entry, at: place) : .passed
      guard end == .passed || (end == .failed && step.continueOnError) else { return end }
      place = place.next
    }
    return .passed
  }

  /// What the branches or turns inside `step` came to.
  mutating func inside(_ step: StepPlan, at place: StepPath) -> BranchEnd {
    let turns = course.turns(of: step, at: place, nulls)
    let forks = course.forks(step)
    var ends: [BranchEnd] = []
    for base in turns.map(place.item) where !forks || hasBegun(base) || poisoned.contains(base) {
      let end = poisoned.contains(base) ? .poisoned : list(from: base.step(0))
      if case .open = end { return end }
      ends.append(end)
      // One after another: what follows a failure does not begin.
      if !forks, end != .passed { break }
    }
    return ends.first { $0 == .failed || $0 == .poisoned } ?? ends.first { $0 == .stopped }
      ?? (ends.count == turns.count ? .passed : .open("a branch of \(step.id) has not begun"))
  }

  private func hasBegun(_ base: StepPath) -> Bool { journal.keys.contains { $0.isWithin(base) } }

  private mutating func end(of step: StepPlan, _ entry: JournalEntry, at place: StepPath) -> BranchEnd {
    guard step.isBlock else { return end(of: step, entry) }
    let end = inside(step, at: place)
    let isTrue =
      switch end {
      case .passed: entry.status == .succeeded
      case .failed: entry.status == .failed
      case .stopped, .poisoned, .open: true
      }
    return isTrue ? end : .open("\(step.id) is \(entry.status), and what is inside it \(end)")
  }

  private func end(of step: StepPlan, _ entry: JournalEntry) -> BranchEnd {
    guard entry.finishedAt != nil, isPossible(entry.status, step) else {
      return .open("\(step.id) ended as \(entry.status)")
    }
    if case .stop = step.verb { return .stopped }
    return entry.status == .failed ? .failed : .passed
  }

  private func isPossible(_ status: StepStatus, _ step: StepPlan) -> Bool {
    switch (status, step.verb) {
    case (_, .fail): status == .failed
    case (_, .map(let needs)): (status == .succeeded) == (needs == nil || needs == course.kind)
    case (.succeeded, _): true
    case (.failed, _): step.asks
    default: false
    }
  }
}
