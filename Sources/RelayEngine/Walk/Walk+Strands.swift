internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// Branches side by side: begun for strands to walk, and what their walks came to.
extension Walk {
  /// Whether the branches of `known` are handed out.
  func forks(_ known: ProgramStep, turns: Int) -> Bool { known.width > 1 && turns > 1 }

  /// Begins `turns` branches of the step at `position`.
  func begin(_ known: ProgramStep, turns: Int, _ decision: [UInt8], wall: Timestamp) -> Stop {
    var entry = entry(.running, wall: wall)
    entry.finishedAt = nil
    entry.decision = decision
    keep(entry)
    return .fork(
      NewFork(block: position, turns: UInt32(turns), width: UInt32(clamping: min(known.width, turns))))
  }

  /// The branches of the step at `position` are over: it fails as the first of them did that failed, ends the
  /// execution where one stopped, and else is what they came to.
  func close(_ fork: ForkRecord, _ known: ProgramStep, wall: Timestamp) -> Stop? {
    if fork.isHeld { return .fork(NewFork(block: position, turns: fork.turns, width: fork.width)) }
    if fork.open > 0 { return .pause(until: .distantFuture) }
    if let fault = fork.fault {
      self.fork = nil
      var failure = fault.failure
      if failure.step.isEmpty { failure.step = program.name(of: fault.at) }
      isOpen = true
      fail(failure, isFinal: Self.finalCodes.contains(failure.code), wall: wall)
      return nil
    }
    if fork.stopped {
      self.fork = nil
      stopped = true
      return nil
    }
    guard let outputs = forkOutputs else { return .outputs(of: position, turns: fork.turns) }
    self.fork = nil
    forkOutputs = nil
    guard outputs.reduce(0, { $0 + ($1?.count ?? 4) }) <= EngineBounds.output.bytes else {
      failFork(why: "the outputs together are larger than \(EngineBounds.output.text)", wall: wall)
      return nil
    }
    pass(known.output(of: outputs), attempt: nil, wall: wall)
    return nil
  }

  func failFork(why: String, wall: Timestamp) {
    fork = nil
    let verb = step?.step.verb.name ?? ""
    fail(Failure(step: name, code: StepError.Code.badValue.rawValue, message: "\(verb): \(why)"), wall: wall)
  }

  /// What no `continueOnError` may turn into a value.
  private static let finalCodes: Set<String> = ["poison", StepError.Code.tooManySteps.rawValue]

  /// Goes into another turn of the step that this strand stands in.
  package func enterTurn(_ turn: UInt32) {
    guard bound > 0, frames.count == bound else { return }
    frames[bound - 1].turn = turn
    outputs = frames[bound - 1].outer
    unread = []
    lastOutput = nil
    position = frames[bound - 1].path.item(turn).step(0)
    stepBegan = nil
  }
}
