/// What must never be seen.
enum Rule: String, CaseIterable, Sendable {
  case acknowledgedIsKept = "what was acknowledged is kept"
  case oneEventForADelivery = "a delivery makes one event"
  case finishedStaysFinished = "a finished step is not run again"
  case keyMeetsOneRequest = "an idempotency key meets one request"
  case oneAtATime = "an execution has one request under way at a time"
  case countedBeforeMade = "an attempt is counted before it is made"
  case attemptsAreLimited = "no attempt is made beyond the limit"
  case budgetIsKept = "no attempt is made after the budget"
  case noEarlyEnd = "a step does not give up before its time"
  case stepsInOrder = "steps are run in the order of the document"
  case outcomeIsTrue = "an outcome on record is what the destination answered"
  case answerIsTold = "an answer is told once, by the commit that has its step on record"
  case orderIsKept = "those of an order key begin in the order in which they came"
  case lanesAreKept = "no more are under way at once than their workflow says"
  case parentWaits = "a step goes on only when its branches are over"
  case widthIsKept = "no more turns are under way at once than their loop says"
  case waitsAreKept = "neither Retry-After nor a wait is cut short"
  case poisonIsThree = "poison is three deaths within a step"
  case concurrencyIsKept = "a destination has no more requests under way than allowed"
  case oneProbe = "a destination that keeps failing gets one probe at a time"
  case permitsAddUp = "permits add up"
  case arrowsAreLegal = "an execution changes along the arrows of its life"
  case deathKeepsCommits = "a death takes nothing that was committed"
  case outboxIsDense = "the outbox tells each end once, without a gap"
  case storeIsSound = "the checker finds nothing"
  case everythingEnds = "everything comes to rest once the faults stop"
}

/// One breach of a rule.
struct Violation: Sendable, CustomStringConvertible {
  var rule: Rule
  var text: String

  var description: String { "\(rule.rawValue): \(text)" }
}
