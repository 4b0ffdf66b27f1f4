import RelayModel
import RelayStore

/// What came of an attempt, against what was written down of it.
extension Oracle {
  /// The record of `witness` changed by itself while an outcome waited to be written down: that is it.
  func settle(
    _ outcome: Witness.Outcome, _ new: ExecutionRecord, _ journal: [StepPath: JournalEntry],
    _ witness: Witness
  ) {
    guard let plan = witness.course.plan.step(at: outcome.place) else { return }
    let verdict = Verdict(outcome.answer, plan)
    if let entry = journal[outcome.place], entry.finishedAt != nil {
      stepIsOver(entry, outcome, verdict, plan, witness)
    } else {
      tryAgain(outcome, verdict, plan, new, witness)
    }
  }

  private func stepIsOver(
    _ entry: JournalEntry, _ outcome: Witness.Outcome, _ verdict: Verdict, _ plan: StepPlan,
    _ witness: Witness
  ) {
    let isTrue = (entry.status == .succeeded) == (verdict == .good)
    check(
      isTrue, .outcomeIsTrue, "\(outcome.key) is on record as \(entry.status) after \(outcome.answer.text)")
    if case .again(let isFree) = verdict, entry.status == .failed {
      giveUp(outcome, isFree: isFree, plan, witness)
    }
    witness.interruptions = 0
  }

  /// A failure that could have been tried again ended the step: only where attempts or time are used up.
  private func giveUp(_ outcome: Witness.Outcome, isFree: Bool, _ plan: StepPlan, _ witness: Witness) {
    guard let facts = witness.steps[outcome.place], !clockIsAdrift(since: facts.since.life) else { return }
    if let limit = plan.retry.attempts, !isFree, facts.failures + 1 + witness.interruptions >= limit {
      return
    }
    let spent = (time.elapsed() - facts.since.at) * 11 / 10
    let wait = outcome.retryAfter.map { max($0, .seconds(1)) } ?? plan.retry.max
    let isDate = outcome.retryAfter == nil && outcome.answer.hasRetryAfter
    check(
      spent + (isDate ? .seconds(86_400) : wait) + .milliseconds(5) >= plan.retry.budget, .noEarlyEnd,
      "\(outcome.key) gives up after \(facts.failures + 1) failures, \(time.elapsed() - facts.firstAt) of "
        + "\(plan.retry.budget)")
  }

  private func tryAgain(
    _ outcome: Witness.Outcome, _ verdict: Verdict, _ plan: StepPlan, _ new: ExecutionRecord,
    _ witness: Witness
  ) {
    guard case .again(let isFree) = verdict else {
      return fail(.outcomeIsTrue, "\(outcome.key) is not over after \(outcome.answer.text)")
    }
    if !isFree { witness.steps[outcome.place]?.failures += 1 }
    if let span = outcome.retryAfter {
      witness.steps[outcome.place]?.asked = (from: outcome.at, span: span, life: outcome.life)
    }
    keepsBudget(outcome, plan, new, witness)
    check(
      new.status != .running || new.totalAttempts > witness.record.totalAttempts, .countedBeforeMade,
      "\(outcome.key) runs on without another attempt counted")
  }
}

extension Oracle {
  /// The next attempt comes within the step's time, which began once.
  private func keepsBudget(
    _ outcome: Witness.Outcome, _ plan: StepPlan, _ new: ExecutionRecord, _ witness: Witness
  ) {
    guard new.status == .waiting, let from = new.firstAttemptAt, let due = new.due else { return }
    let known = witness.steps[outcome.place]?.budgetFrom ?? from
    check(from == known, .budgetIsKept, "\(outcome.key): its time runs from another instant now")
    check(
      due - from <= plan.retry.budget, .budgetIsKept,
      "\(outcome.key) is to be tried \(due - from) after its first attempt, of \(plan.retry.budget)")
    witness.steps[outcome.place]?.budgetFrom = from
  }
}
