package import RelayHTTP
package import RelayModel
package import RelayWorkflow

/// What an attempt brought, as far as the question "again?" goes.
package enum AttemptResult: Sendable, Hashable {
  /// What the step wanted.
  case succeeded
  /// Over, whatever is tried: it would fail in the same way again.
  case refused(Failure)
  /// May succeed later. `after` is what the destination asked for; `isFree` uses up time, not attempts.
  case failed(Failure, after: Duration?, isFree: Bool)
}

/// The rule of a step's `retry`.
package struct RetryRule: Sendable, Hashable {
  package var backoff: Backoff
  /// False waits the base itself.
  package var hasJitter: Bool
  /// How long after its first attempt a step may still begin one.
  package var budget: Duration
  /// How many attempts may be made; nil for any number.
  package var attempts: Int?

  package init(
    backoff: Backoff = Backoff(), hasJitter: Bool = true, budget: Duration = .seconds(7 * 86_400),
    attempts: Int? = nil
  ) {
    self.backoff = backoff
    self.hasJitter = hasJitter
    self.budget = budget
    self.attempts = attempts
  }

  /// The rule that a document's `retry` gives.
  package init(_ policy: RetryPolicy) {
    self.init(
      backoff: policy.backoff, hasJitter: policy.jitter == .full, budget: policy.span,
      attempts: policy.attempts)
  }
}

/// Whether a step is tried again, and when.
package enum RetryDecision: Sendable, Hashable {
  /// Again at `at`; `attempt` is what stands counted until then.
  case again(at: Timestamp, attempt: Int)
  /// For good.
  case over(Failure)

  /// Decides after a failed attempt that may succeed later.
  ///
  /// | what came | the next attempt | the attempt counts |
  /// | --- | --- | --- |
  /// | a network error, 408, 425, 5xx | after the backoff, with jitter | yes |
  /// | the same with `Retry-After` | as asked, but no sooner than a second (or `initial`, if less) | no |
  /// | 429 | the same; without `Retry-After` after a backoff that grows with the time spent | no |
  ///
  /// It ends where the next attempt would begin after the budget, or no attempt is left.
  ///
  /// - Parameters:
  ///   - attempt: attempts counted so far, this one included.
  ///   - firstAt: when the first of them was counted.
  ///   - unit: a random number in `0..<1` for the jitter.
  package static func after(
    _ failure: Failure, asked: Duration?, isFree: Bool, rule: RetryRule, attempt: Int, firstAt: Timestamp,
    now: Timestamp, unit: Double
  ) -> RetryDecision {
    var failure = failure
    failure.attempts = attempt
    if let limit = rule.attempts, !isFree, attempt >= limit { return .over(failure) }
    let base =
      isFree
      ? rule.backoff.base(afterFailingFor: now - firstAt) : rule.backoff.base(afterFailures: attempt)
    let wait =
      asked.map { max($0, min(rule.backoff.initial, .seconds(1))) }
      ?? (rule.hasJitter ? Backoff.fullJitter(base, unit: unit) : base)
    let at = now + wait
    guard at <= firstAt + rule.budget else { return .over(failure) }
    return .again(at: at, attempt: isFree ? max(attempt - 1, 0) : attempt)
  }
}

extension AttemptResult {
  /// Judges an answer by its status alone: 2xx is success; 408, 425, 429 and 5xx may succeed later.
  package static func judge(_ answer: HTTPAnswer, step: String, now: Timestamp) -> AttemptResult {
    let status = answer.status
    if (200...299).contains(status) { return .succeeded }
    let failure = Failure(
      step: step, code: "http_status", message: "the destination answered \(status)", status: status)
    switch status {
    case 408, 425, 429, 500...599:
      let after = answer.headers.first("Retry-After").flatMap { RetryAfter.delay($0, now: now) }
      return .failed(failure, after: after, isFree: status == 429 || after != nil)
    default:
      return .refused(failure)
    }
  }

  /// Judges a transfer that brought no answer.
  package static func judge(_ error: TransferError, step: String) -> AttemptResult {
    let failure = Failure(step: step, code: error.code, message: error.message)
    return error.isRetryable ? .failed(failure, after: nil, isFree: false) : .refused(failure)
  }
}

extension Breaker.Verdict {
  /// What an answer tells about its destination: 5xx and 408 are its own failures, all else shows that it
  /// lives. That includes 429, which concerns one execution's pace and is heeded there.
  package init(_ answer: HTTPAnswer) {
    switch answer.status {
    case 408, 500...599: self = .failed
    default: self = .alive
    }
  }

  package init(_ error: TransferError) { self = error.blamesDestination ? .failed : .unknown }
}
