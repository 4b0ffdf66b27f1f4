internal import RelayHTTP
internal import RelayModel
internal import RelaySandbox
internal import RelayStore
internal import RelayThreads
internal import RelayWorkflow

/// Making attempts, and judging what they bring.
extension EngineCore {
  /// Sends the request of the step at the walk's position. Its destination has admitted it.
  func send(_ run: Run) {
    if case .script(let script) = run.stop { start(script, of: run) } else { send(run, isSecondTry: false) }
  }

  private func send(_ run: Run, isSecondTry: Bool) {
    guard let rendered = run.stop.request, let step = run.walk.step else {
      preconditionFailure("only a step with a request is admitted")
    }
    lastNumber += 1
    var transfer = Run.Transfer(
      number: lastNumber, token: nil, beganAt: elapsed, began: wall, isSecondTry: isSecondTry)
    run.transfer = transfer
    let request: OutgoingRequest
    do throws(StepError) {
      request = try composer.compose(
        rendered, step, execution: run.id, keyPath: run.walk.keyPath, trace: traceFields(of: run),
        maxAnswer: configuration.maxAnswer, isFresh: isSecondTry, wall: wall)
    } catch {
      return refuse(run, Failure(step: run.walk.name, code: error.code.rawValue, message: error.message))
    }
    transfer.token = transport.start(request) { [inbox, key = run.key, number = lastNumber] result in
      inbox.add(.answered(key, transfer: number, result))
    }
    run.transfer = transfer
  }

  /// The request could not be put together: nothing was sent.
  private func refuse(_ run: Run, _ failure: Failure) {
    release(run, .unknown, took: .zero)
    conclude(
      run, FinishedAttempt(number: run.attempt, began: wall, request: run.stop.request, refused: failure))
  }

  /// Ends the transfer of `run` without waiting for what it brings.
  func endTransfer(of run: Run) {
    if let token = run.transfer?.token { transport.cancel(token) }
    if let token = run.transfer?.script { scripts.cancel(token) }
    run.transfer = nil
    release(run, .unknown, took: .zero)
  }

  func answered(_ key: RecordKey, _ number: UInt64, _ result: Result<HTTPAnswer, TransferError>) {
    guard let run = runs[key], run.life == .sending, let transfer = run.transfer, transfer.number == number
    else { return }
    let took = elapsed - transfer.beganAt
    switch result {
    case .success(let answer): release(run, Breaker.Verdict(answer), took: took)
    case .failure(.reset(_, _, .sentOnKeptConnection)) where !transfer.isSecondTry:
      // The server closed a connection that we kept, as it may at any time (RFC 9112, section 9.3.1).
      return send(run, isSecondTry: true)
    case .failure(let error): release(run, Breaker.Verdict(error), took: took)
    }
    guard let step = run.walk.step else { return }
    conclude(
      run,
      FinishedAttempt(
        number: run.attempt, began: transfer.began, took: took, request: run.stop.request, result: result,
        step: step, name: run.walk.name, scope: { run.walk.scope() }, now: wall))
  }

  /// Gives the slot back, and lets those go that waited for it.
  func release(_ run: Run, _ verdict: Breaker.Verdict, took: Duration) {
    guard let gate = run.gate else { return }
    run.gate = nil
    if gate.release(verdict, of: run.key, took: took, limits: configuration.destinations, now: now) {
      keep(gate)
    }
    serve(gate)
  }

  private func keep(_ gate: DestinationGate) {
    let name = gate.destination.description
    let leftAlone = destinations.leftAlone
    metrics.count { $0.leftAlone = leftAlone }
    if gate.breaker.isClosed {
      log.info("a destination answers again", .text("destination", name))
    } else {
      log.warning("a destination keeps failing and is left alone", .text("destination", name))
    }
    let record =
      gate.breaker.isClosed ? nil : BreakerRecord(gate.breaker, rule: configuration.destinations.breaker)
    store.submit(PutBreaker(destination: name, record: record)) { [inbox] answer in
      if case .failure(let error) = answer { inbox.add(.breakerLost(error)) }
    }
  }

  // MARK: Outcomes

  /// The attempt is over: writes it down, and decides what follows.
  func conclude(_ run: Run, _ finished: FinishedAttempt) {
    let record = finished.record(composer.redaction(for: run.walk.step))
    run.transfer = nil
    metrics.count { $0.attempt(finished.result, took: finished.took) }
    trace(finished, of: run)
    switch finished.result {
    case .succeeded:
      run.walk.pass(finished.output, attempt: record, wall: wall)
      goOn(run)
    case .refused(let failure): fail(run, failure, record)
    case .failed(let failure, let asked, let isFree):
      let decision = RetryDecision.after(
        failure, asked: asked, isFree: isFree, rule: run.walk.step?.retry ?? RetryRule(),
        attempt: run.attempt, firstAt: run.firstAttemptAt, now: now, unit: random.unit())
      switch decision {
      case .again(let at, let counted):
        metrics.count { $0.retries += 1 }
        run.record = wait(
          run, until: at, reason: "trying again after: \(failure.message)", attempt: counted,
          firstAttemptAt: run.firstAttemptAt, made: record, keepsRequest: true)
        happen(.attemptClosed, to: run)
      case .over(let failure): fail(run, failure, record)
      }
    }
  }

  private func fail(_ run: Run, _ failure: Failure, _ attempt: AttemptRecord) {
    var failure = failure
    failure.attempts = run.attempt
    run.walk.fail(failure, attempt: attempt, wall: wall)
    goOn(run)
  }

  /// The step is over. What follows without an effect is evaluated at once and recorded with it.
  private func goOn(_ run: Run) {
    run.stop = stop(of: run)
    switch run.stop {
    case .request, .script, .checkpoint, .outputs:
      run.record = step(run)
      happen(.attemptPassed, to: run)
    case .turn:
      run.record = turn(run)
      happen(.attemptPassed, to: run)
    case .fork(let fork):
      run.record = begin(fork, run)
      happen(.attemptClosed, to: run)
    case .pause(let until):
      run.record = wait(run, until: until, reason: run.walk.waitReason, attempt: 0, firstAttemptAt: nil)
      happen(.attemptClosed, to: run)
    case .end:
      run.record = end(run)
      happen(.attemptClosed, to: run)
    }
  }
}
