import RelayModel
import RelayStore

extension Course {
  /// How the outcomes on record must have ended; text where they are not those of a whole walk.
  func end(of journal: [StepPath: JournalEntry]) -> (ExecutionStatus?, String) {
    var audit = Audit(self, journal)
    let (status, complaint) = audit.end()
    guard status != nil, audit.seen != journal.count else { return (status, complaint) }
    return (nil, "\(journal.count) outcomes are on record, of which the way has \(audit.seen)")
  }
}

/// Goes the way of a course by what is on record of it.
private struct Audit {
  private let course: Course
  private let journal: [StepPath: JournalEntry]
  private var nulls: Nulls
  private var place = StepPath.start
  /// Outcomes on the way so far.
  private(set) var seen = 0

  init(_ course: Course, _ journal: [StepPath: JournalEntry]) {
    self.course = course
    self.journal = journal
    nulls = Nulls(journal)
  }

  mutating func end() -> (ExecutionStatus?, String) {
    while true {
      guard let step = course.plan.step(at: place) else {
        guard let next = course.leave(place, &nulls) else { return (status, "") }
        if let block = place.block, next == block.next, journal[block]?.status != .succeeded {
          return (nil, "all inside \(block.bytes) is over, and it is not")
        }
        place = next
        continue
      }
      guard let entry = journal[place] else { return (nil, "\(step.id) has no outcome") }
      seen += 1
      let isWanted = course.holds(step.condition, at: place, nulls)
      guard (entry.status == .skipped) == !isWanted else {
        return (nil, "\(step.id) is \(entry.status) although its `if` is \(isWanted)")
      }
      guard isWanted else {
        place = place.next
        continue
      }
      if let end = pass(step, entry) { return end }
    }
  }

  private var status: ExecutionStatus { place.section == .steps ? .succeeded : .failed }

  /// Nil where something follows.
  private mutating func pass(_ step: StepPlan, _ entry: JournalEntry) -> (ExecutionStatus?, String)? {
    if step.isBlock {
      let inner = course.enter(step, at: place, &nulls)
      guard inner != place.next || entry.status == .succeeded else {
        return (nil, "\(step.id) is \(entry.status), with nothing inside to be done")
      }
      place = inner
      return nil
    }
    guard entry.finishedAt != nil, isPossible(entry.status, step) else {
      return (nil, "\(step.id) ended as \(entry.status)")
    }
    if case .stop = step.verb { return (status, "") }
    guard entry.status == .failed else {
      place = place.next
      return nil
    }
    return fail()
  }

  private mutating func fail() -> (ExecutionStatus?, String)? {
    let next = course.fail(at: place, &nulls)
    let around = next.map { $0.section == place.section ? $0.depth : 1 } ?? 1
    for block in place.line where block.depth >= around && journal[block]?.status != .failed {
      return (nil, "a step inside \(block.bytes) failed, and it did not")
    }
    guard let next else { return (.failed, "") }
    place = next
    return nil
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
