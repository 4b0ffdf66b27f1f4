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
    var place = place
    var isWaitOver = isWaitOver
    var nulls = recordedNulls(journal)
    while let step = plan.step(at: place) {
      guard holds(step.condition, nulls) else {
        nulls[step.id] = true
        place = place.next
        continue
      }
      switch step.verb {
      case .http, .forward: return .request(place)
      case .wait:
        guard isWaitOver else { return .wait(place) }
        isWaitOver = false
        nulls[step.id] = true
      case .set: nulls[step.id] = false
      case .stop: return end(in: place.section)
      case .fail where step.continueOnError: nulls[step.id] = false
      case .fail where place.section == .onFailure: return .end(.failed)
      case .fail:
        place = .failureStart
        continue
      }
      place = place.next
    }
    return end(in: place.section)
  }

  /// How the outcomes on record must have ended; text where they are not those of a whole walk.
  func end(of journal: [StepPath: JournalEntry]) -> (ExecutionStatus?, String) {
    var place = StepPath.start
    let nulls = recordedNulls(journal)
    while let step = plan.step(at: place) {
      guard let entry = journal[place] else { return (nil, "\(step.id) has no outcome") }
      let isWanted = holds(step.condition, nulls)
      guard (entry.status == .skipped) == !isWanted else {
        return (nil, "\(step.id) is \(entry.status) although its `if` is \(isWanted)")
      }
      guard entry.finishedAt != nil, isPossible(entry.status, step) else {
        return (nil, "\(step.id) ended as \(entry.status)")
      }
      if entry.status == .failed, !step.continueOnError {
        if place.section == .onFailure { return (.failed, "") }
        place = .failureStart
      } else if case .stop = step.verb, isWanted {
        return (place.section == .steps ? .succeeded : .failed, "")
      } else {
        place = place.next
      }
    }
    return (place.section == .steps ? .succeeded : .failed, "")
  }

  private func isPossible(_ status: StepStatus, _ step: StepPlan) -> Bool {
    switch (status, step.verb) {
    case (.skipped, _): step.condition != nil
    case (.succeeded, .fail): false
    case (.succeeded, _): true
    case (.failed, .http), (.failed, .forward), (.failed, .fail): true
    default: false
    }
  }

  private func end(in section: StepPath.Section) -> Stop {
    .end(section == .steps ? .succeeded : .failed)
  }

  private func holds(_ condition: StepPlan.Condition?, _ nulls: [String: Bool]) -> Bool {
    switch condition {
    case .none: true
    case .kind(let number): number == kind
    case .isNull(let id): nulls[id] ?? false
    }
  }

  private func recordedNulls(_ journal: [StepPath: JournalEntry]) -> [String: Bool] {
    var nulls: [String: Bool] = [:]
    for (place, entry) in journal where entry.finishedAt != nil {
      guard let id = plan.step(at: place)?.id else { continue }
      nulls[id] = entry.output.map { $0 == Array("null".utf8) } ?? true
    }
    return nulls
  }
}
