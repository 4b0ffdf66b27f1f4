internal import RelayModel
internal import RelayStore
internal import RelayThreads

/// Taking up executions, and letting them go: the engine's side of the permits.
extension EngineCore {
  /// Whether a claim would be handed over at the instant that something is due, given a permit. While the
  /// store takes no records, nothing is begun whose outcome could not be kept.
  var wantsClaim: Bool {
    stage == .running && claimsUnderWay == 0 && unrecorded.isEmpty
      && heldBodies < configuration.heldBodies.bytes
  }

  var hasPermit: Bool { freed > 0 || store.permits.available > 0 }

  /// Claims what is due, as far as there are permits. Those of what was just let go are kept for it, so
  /// that what waits longest is not overtaken by what has just come. Of the others none is taken ahead: what
  /// comes in while the claim is under way would find none, become due as well, and so on for ever.
  func claim() {
    defer { giveBackFreed() }
    guard wantsClaim, let nextDue, nextDue <= now, hasPermit else { return }
    let held = min(freed, EngineBounds.claimBatch)
    freed -= held
    submitClaim(held: held, limit: EngineBounds.claimBatch)
  }

  func submitClaim(held: Int, limit: Int) {
    claimsUnderWay += 1
    store.submit(Claim(now: now, held: held, limit: limit)) { [inbox] answer in
      inbox.add(.claimed(answer, held: held, limit: limit))
    }
  }

  func claimed(_ answer: Result<[StartedExecution], StoreError>, held: Int, limit: Int) {
    claimsUnderWay -= 1
    switch answer {
    case .success(let started):
      freed += max(held - started.count, 0)
      // With as many as were asked for, there may be more; else the store tells when the next one is due.
      if started.count < limit { lookForNextDue() }
      for execution in started { begin(execution) }
    case .failure(let error):
      freed += held
      refused(error, "claiming what is due")
    }
  }

  private func lookForNextDue() {
    do throws(StoreError) {
      nextDue = try store.read { (snapshot) throws(StoreError) in try snapshot.nextDue() }
    } catch {
      storeFailed(error, "looking for what is due")
    }
  }

  /// Takes an execution into memory and walks it. It holds a permit.
  func begin(_ started: StartedExecution) {
    if let stale = runs[started.key] {
      // Cancelled and retried while its transfer was under way: the store's fence holds the old one off.
      abandon(stale)
    }
    guard let run = open(started) else {
      freed += 1
      return
    }
    let isTooMuch = !runs.isEmpty && heldBodies + run.bodyBytes > configuration.heldBodies.bytes
    runs[run.key] = run
    heldBodies += run.bodyBytes
    if isDraining { return putDownForNow(run) }
    if isTooMuch { return putDownForMemory(run) }
    walk(run)
  }

  /// Nil where the store cannot tell how far it has come; it stays as it is until the next start.
  private func open(_ started: StartedExecution) -> Run? {
    do throws(StoreError) {
      switch try programs.program(started.record.version, store) {
      case .success(let program):
        let id = store.tag.id(.execution, started.record.root(started.key))
        let walk = Walk(
          program, started, journal: try journal(of: started, program),
          woken: started.record.listens ? try outcome(of: started.key) : nil,
          fork: started.record.forks ? try fork(of: started) : nil, lists: lists, executionID: id,
          tag: store.tag)
        walk.approvalLink = configuration.approvalLink
        walk.workflows = configuration.workflows
        walk.pretendsRuns = configuration.pretendsRuns
        lastNumber += 1
        return Run(started, number: lastNumber, id: id, walk: walk, now: now)
      case .failure(let error):
        fail(started, error)
        return nil
      }
    } catch {
      refused(error, "reading execution \(store.tag.id(.execution, started.key))")
      return nil
    }
  }

  /// What is on record. Before the first step nothing is that matters, unless that is a wait which has
  /// begun.
  private func journal(of started: StartedExecution, _ program: Program) throws(StoreError) -> [JournalEntry]
  {
    let record = started.record
    guard record.position != .start || program.beginsWithWait || record.forks else { return [] }
    return try store.read { (snapshot) throws(StoreError) in
      try snapshot.journal(of: record.root(started.key), leadingTo: record.position)
    }
  }

  /// How the branches of the step stand that the execution is at.
  private func fork(of started: StartedExecution) throws(StoreError) -> ForkRecord? {
    let record = started.record
    return try store.read { (snapshot) throws(StoreError) in
      try snapshot.fork(of: record.root(started.key), at: record.position)
    }
  }

  /// What came of the wait that the execution stands in.
  private func outcome(of key: RecordKey) throws(StoreError) -> WaitOutcome? {
    try store.read { (snapshot) throws(StoreError) -> WaitOutcome? in
      guard let wait = try snapshot.wait(of: key) else { return nil }
      switch wait.outcome {
      case nil: return .pending
      case .timedOut: return .timedOut
      case .pretended: return .pretended
      case .decision(let decision): return .decision(decision)
      case .tooDeep: return .failed(code: "too_deep", "workflows that run each other stand too deep")
      case .ended(let status):
        guard case .run(let child) = wait.subject else { return nil }
        return try snapshot.outcome(ofRun: child, status, tag: store.tag)
      case .event(let event):
        do throws(StoreError) {
          if let stored = try snapshot.event(event) { return .event(stored.output(store.tag)) }
          return .lost("the event that it waited for is not stored any more")
        } catch .damaged {
          return .lost("the event that it waited for is damaged in the store")
        }
      }
    }
  }

  /// Ends an execution whose document cannot be walked.
  private func fail(_ started: StartedExecution, _ error: ProgramError) {
    log.error(
      "an execution's workflow cannot be read", .text("execution", store.tag.id(.execution, started.key)),
      .text("workflow", started.record.workflow), .text("error", error.message))
    let failure = Failure(step: "", code: "document", message: error.message)
    let end = Advance(
      execution: started.key, revision: started.record.revision, journal: [],
      next: .end(.failed, failure: failure, resumeAt: started.record.position, summary: nil), at: wall)
    store.submit(end) { [inbox, key = started.key] answer in inbox.add(.recorded(key, run: 0, answer)) }
  }

  /// Forgets `run`. Its permit is free.
  func forget(_ run: Run) {
    guard runs.removeValue(forKey: run.key) != nil else { return }
    heldBodies -= run.bodyBytes
    freed += 1
  }

  private func abandon(_ run: Run) {
    switch run.life {
    case .sending: endTransfer(of: run)
    case .queueing: _ = run.gate?.leave(run.key)
    case .walking, .recording, .over: break
    }
    run.life = .over
    forget(run)
  }

  private func giveBackFreed() {
    guard freed > 0 else { return }
    store.permits.giveBack(freed)
    freed = 0
  }

  /// An answer of the store that is no answer. What can be mended is tried again at the next occasion.
  func refused(_ error: StoreError, _ what: String) {
    switch error {
    case .full, .diskFull, .damaged:
      log.error("the store refused", .text("while", what), .text("error", error.message))
    case .ioFailed, .closing, .busy, .newerFormat, .unusable: storeFailed(error, what)
    }
  }
}
