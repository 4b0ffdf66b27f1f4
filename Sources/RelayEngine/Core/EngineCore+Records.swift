internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import RelayWorkflow

/// Handing outcomes to the store: what happened, what is next and the end's summary in one transaction.
extension EngineCore {
  /// The record of an execution that waits.
  func wait(
    _ run: Run, until: Timestamp, reason: String, attempt: Int, firstAttemptAt: Timestamp?,
    made: AttemptRecord? = nil, keepsRequest: Bool = false
  ) -> Advance {
    let request = keepsRequest && !run.isPinned ? run.stop.request?.serialized() : nil
    let path = run.walk.position
    return record(
      of: run, attempt: made.map { StepAttempt(path: path, attempt: $0) },
      next: .wait(
        Advance.Wait(
          position: path, until: until, reason: reason, attempt: attempt, firstAttemptAt: firstAttemptAt,
          request: request)))
  }

  /// The record of an execution that goes on with the next step.
  func step(_ run: Run) -> Advance { record(of: run, next: .step(run.walk.position)) }

  /// The record of a strand whose turn is over.
  func turn(_ run: Run) -> Advance { record(of: run, next: .turn) }

  /// The record of an execution whose branches begin.
  func begin(_ fork: NewFork, _ run: Run) -> Advance { record(of: run, next: .fork(fork)) }

  /// The record of an execution that the walk has ended.
  func end(_ run: Run) -> Advance {
    guard case .end(let status, let failure, let resumeAt) = run.stop else {
      preconditionFailure("an execution ends where its walk does")
    }
    return record(of: run, next: .end(status, failure: failure, resumeAt: resumeAt, summary: nil))
  }

  private func record(of run: Run, attempt: StepAttempt? = nil, next: Advance.Next) -> Advance {
    Advance(
      execution: run.key, revision: run.revision, journal: run.walk.takePending(), attempt: attempt,
      next: next, listening: run.walk.takeBegun(), child: run.walk.takeChild(),
      answer: run.walk.takeAnswer(), at: next.isEnd ? wall : now)
  }

  func submitRecord(of run: Run) {
    guard let record = run.record else { preconditionFailure("what is recorded was put together before") }
    store.add(record) { [inbox, key = run.key, number = run.number] answer in
      inbox.add(.recorded(key, run: number, answer))
    }
  }

  func recorded(_ key: RecordKey, _ number: UInt64, _ answer: Result<AdvanceAnswer, StoreError>) {
    guard let run = runs[key], run.number == number else { return }
    switch answer {
    case .success(.recorded):
      countEnd(of: run)
      if case .step = run.record?.next { beginStep(run) }
      run.record = nil
      happen(.recorded, to: run)
    case .success(.strand(let stepsDone, let turn)):
      recorded(run, stepsDone: stepsDone, turn: turn)
    case .success(.stale): happen(.stale, to: run)
    case .failure(.full), .failure(.diskFull):
      guard let record = run.record, record.needsRoom else { return happen(.unrecorded, to: run) }
      run.record = record.putOff(at: run.walk.position, until: now + EngineBounds.roomPause)
      submitRecord(of: run)
    case .failure(let error):
      refused(error, "recording \(run.id)")
      // Damaged: it cannot be gone on with, and is looked at again at the next start.
      happen(.stale, to: run)
    }
  }

  private func recorded(_ run: Run, stepsDone: Int, turn: UInt32?) {
    run.walk.stepsDone = stepsDone
    switch run.record?.next {
    case .step: beginStep(run)
    case .turn:
      if let turn {
        run.walk.enterTurn(turn)
        beginStep(run)
      } else {
        // No turn is left, and the strand is not in the store any more.
        run.life = .recording(then: .letGo)
      }
    case .wait, .fork, .end, nil: break
    }
    run.record = nil
    happen(.recorded, to: run)
  }

  /// The next step's first attempt is counted.
  private func beginStep(_ run: Run) {
    run.attempt = 1
    run.firstAttemptAt = run.record?.at ?? now
    run.hasTried = false
    run.isPinned = false
  }

  private func countEnd(of run: Run) {
    guard run.root == run.key, case .end(let status, let failure, _, _) = run.record?.next else { return }
    metrics.count { $0.ended(run.workflow, status) }
    trace(status, failure, of: run)
    guard let failure else { return }
    log.warning(
      "an execution failed for good", .text("execution", run.id), .text("workflow", run.workflow),
      .text("step", failure.step), .text("code", failure.code), .number("attempts", failure.attempts))
  }

  // MARK: Again

  func recordLater(_ run: Run) {
    if unrecorded.isEmpty {
      log.error("the store takes no records at present; nothing new is begun", .text("execution", run.id))
      recordAgainAt = elapsed + EngineBounds.recordPause
    }
    unrecorded.append(run.key)
  }

  func recordAgain() {
    guard let at = recordAgainAt, elapsed >= at, stage != .failed else { return }
    recordAgainAt = nil
    let keys = unrecorded
    unrecorded = []
    for key in keys {
      if let run = runs[key], case .recording = run.life { submitRecord(of: run) }
    }
  }
}

extension Advance.Next {
  fileprivate var isEnd: Bool { if case .end = self { true } else { false } }
}

extension Walk.Stop {
  var request: RenderedRequest? { if case .request(let request) = self { request.rendered } else { nil } }
}
