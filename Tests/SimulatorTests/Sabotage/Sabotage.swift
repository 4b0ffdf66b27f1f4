import RelayHTTP

/// A fault that is planted to see that the oracle finds it: each makes engine, store or network break a
/// promise that they keep. A rule that no fault can break checks nothing.
enum Sabotage: String, CaseIterable, Sendable {
  // In the ingress.
  case splitsLanes
  case widensLanes
  // On the way to the destinations.
  case sendsTwice
  case sendsOldRequestsAgain
  case changesBody
  case neverAnswers
  case cutsRetryAfter
  case liesAboutAnswers
  case liesAboutScripts
  case changesScripts
  case losesAnswers
  // In the engine.
  case replaysNotices
  case forgetsBreaker
  case crowdsDestinations
  case allowsMoreAttempts
  case allowsFewerAttempts
  case allowsMoreTime
  case reversesSteps
  case swapsBranches
  case skipsTurns
  case mapsAnything
  case widensLoops
  case startsWithoutPermit
  case losesPermit
  // In the store.
  case losesCommits
  case acceptsTwice
  case reopensByItself
  case losesOutboxEntry
  case losesIndexEntry
  case countsDeathsTwice
  case forgetsOutcomes
  case closesForksEarly
  case beginsTurnsAgain

  /// The rules that it must be found to break, by one seed or another.
  var rules: Set<Rule> { self == .losesCommits ? [rule, .acknowledgedIsKept] : [rule] }

  private var rule: Rule {
    switch self {
    case .splitsLanes: .orderIsKept
    case .widensLanes: .lanesAreKept
    case .sendsTwice: .oneAtATime
    case .sendsOldRequestsAgain, .forgetsOutcomes, .beginsTurnsAgain: .finishedStaysFinished
    case .changesBody, .changesScripts: .keyMeetsOneRequest
    case .neverAnswers: .everythingEnds
    case .closesForksEarly: .parentWaits
    case .widensLoops: .widthIsKept
    case .cutsRetryAfter: .waitsAreKept
    case .losesAnswers: .answerIsTold
    case .liesAboutAnswers, .liesAboutScripts: .outcomeIsTrue
    case .replaysNotices: .countedBeforeMade
    case .forgetsBreaker: .oneProbe
    case .crowdsDestinations: .concurrencyIsKept
    case .allowsMoreAttempts: .attemptsAreLimited
    case .allowsFewerAttempts: .noEarlyEnd
    case .allowsMoreTime: .budgetIsKept
    case .reversesSteps, .swapsBranches, .skipsTurns, .mapsAnything: .stepsInOrder
    case .startsWithoutPermit, .losesPermit: .permitsAddUp
    case .losesCommits: .deathKeepsCommits
    case .acceptsTwice: .oneEventForADelivery
    case .reopensByItself: .arrowsAreLegal
    case .losesOutboxEntry: .outboxIsDense
    case .losesIndexEntry: .storeIsSound
    case .countsDeathsTwice: .poisonIsThree
    }
  }
}

extension WorkflowPlan {
  /// What the engine is given instead of this plan.
  func sabotaged(_ sabotage: Sabotage?) -> WorkflowPlan {
    var plan = self
    switch sabotage {
    case .allowsMoreAttempts: plan.change { $0.retry.attempts = nil }
    case .allowsFewerAttempts: plan.change { $0.retry.attempts = 1 }
    case .allowsMoreTime: plan.change { $0.retry.budget = .seconds(86_400) }
    case .reversesSteps: plan.steps.reverse()
    case .swapsBranches: plan.change { $0.verb.swapBranches() }
    case .mapsAnything: plan.change { if case .map = $0.verb { $0.verb = .map(needs: nil) } }
    case .widensLoops: plan.change { $0.verb.widen() }
    case .skipsTurns: plan.change { $0.verb.skipTurn() }
    default: break
    }
    return plan
  }

  private mutating func change(_ change: (inout StepPlan) -> Void) {
    for index in steps.indices { steps[index].change(change) }
    for index in onFailure.indices { onFailure[index].change(change) }
  }
}

extension StepPlan {
  /// Changes this step, and all inside it.
  fileprivate mutating func change(_ change: (inout StepPlan) -> Void) {
    change(&self)
    switch verb {
    case .switch(var branches):
      for branch in branches.indices {
        for index in branches[branch].steps.indices { branches[branch].steps[index].change(change) }
      }
      verb = .switch(branches)
    case .forEach(var loop):
      for index in loop.steps.indices { loop.steps[index].change(change) }
      verb = .forEach(loop)
    case .parallel(var branches):
      for branch in branches.indices {
        for index in branches[branch].steps.indices { branches[branch].steps[index].change(change) }
      }
      verb = .parallel(branches)
    case .set, .http, .forward, .wait, .stop, .fail, .map, .code, .respond: break
    }
  }
}

extension StepPlan.Verb {
  /// The first branch and the last have each other's steps.
  fileprivate mutating func swapBranches() {
    guard case .switch(var branches) = self, let last = branches.indices.last else { return }
    (branches[0].steps, branches[last].steps) = (branches[last].steps, branches[0].steps)
    self = .switch(branches)
  }

  fileprivate mutating func widen() {
    guard case .forEach(var loop) = self, loop.width > 1 else { return }
    loop.width = 100
    self = .forEach(loop)
  }

  /// A loop has one turn less.
  fileprivate mutating func skipTurn() {
    guard case .forEach(var loop) = self else { return }
    loop.counts = loop.counts.map { max($0 - 1, 0) }
    self = .forEach(loop)
  }
}
