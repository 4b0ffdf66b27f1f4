internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayStore
internal import RelayThreads
internal import RelayWorkflow

/// Making attempts, and judging what they bring.
extension EngineCore {
  /// Sends the request of the step at the walk's position. Its destination has admitted it.
  func send(_ run: Run) { send(run, isSecondTry: false) }

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
        rendered, step, execution: run.id, keyPath: run.walk.keyPath, maxAnswer: configuration.maxAnswer,
        isFresh: isSecondTry, wall: wall)
    } catch {
      return refuse(run, Failure(step: run.walk.name, code: error.code.rawValue, message: error.message))
    }
    transfer.token = transport.start(request) { [inbox, key = run.key, number = lastNumber] result in
      inbox.put(.answered(key, transfer: number, result))
    }
    run.transfer = transfer
  }

  /// The request could not be put together: nothing was sent.
  private func refuse(_ run: Run, _ failure: Failure) {
    release(run, .unknown, took: .zero)
    conclude(run, .refused(failure), answer: nil, output: nil)
  }

  /// Ends the transfer of `run` without waiting for what it brings.
  func endTransfer(of run: Run) {
    if let token = run.transfer?.token { transport.cancel(token) }
    run.transfer = nil
    release(run, .unknown, took: .zero)
  }

  func answered(_ key: RecordKey, _ number: UInt64, _ result: Result<HTTPAnswer, TransferError>) {
    guard let run = runs[key], run.life == .sending, let transfer = run.transfer, transfer.number == number
    else { return }
    let took = elapsed - transfer.beganAt
    switch result {
    case .success(let answer):
      release(run, Breaker.Verdict(answer), took: took)
      let (judged, output) = judge(answer, run)
      conclude(run, judged, answer: answer, output: output)
    case .failure(.reset(_, _, .sentOnKeptConnection)) where !transfer.isSecondTry:
      // The server closed a connection that we kept, as it may at any time (RFC 9112, section 9.3.1).
      send(run, isSecondTry: true)
    case .failure(let error):
      release(run, Breaker.Verdict(error), took: took)
      conclude(run, .judge(error, step: run.walk.name), answer: nil, output: nil)
    }
  }

  /// Gives the slot back, and lets those go that waited for it.
  private func release(_ run: Run, _ verdict: Breaker.Verdict, took: Duration) {
    guard let gate = run.gate else { return }
    run.gate = nil
    if gate.release(verdict, took: took, limits: configuration.destinations, now: now) { keep(gate) }
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
      if case .failure(let error) = answer { inbox.put(.breakerLost(error)) }
    }
  }

  /// Judges an answer by the step's own expectation, where it has one.
  private func judge(_ answer: HTTPAnswer, _ run: Run) -> (AttemptResult, JSON?) {
    let judged = AttemptResult.judge(answer, step: run.walk.name, now: wall)
    guard case .http(let call)? = run.walk.step?.verb else { return (judged, Self.output(of: answer)) }
    guard call.expect != nil else { return (judged, judged == .succeeded ? Self.output(of: answer) : nil) }
    let output = Self.output(of: answer)
    do throws(StepError) {
      let isWanted = try call.accepts(status: answer.status, output: output, in: run.walk.scope())
      if isWanted { return (.succeeded, output) }
      // An answer of 2xx that is not what was wanted would be the same again.
      guard judged == .succeeded else { return (judged, nil) }
      return (.refused(.unexpected(answer, step: run.walk.name)), nil)
    } catch {
      return (.refused(Failure(step: run.walk.name, code: error.code.rawValue, message: error.message)), nil)
    }
  }

  static func output(of answer: HTTPAnswer) -> JSON {
    BodyValue.output(status: answer.status, headers: answer.headers, body: answer.body)
  }

  // MARK: Outcomes

  /// The attempt is over: writes it down, and decides what follows.
  private func conclude(_ run: Run, _ result: AttemptResult, answer: HTTPAnswer?, output: JSON?) {
    let attempt = attemptRecord(run, result, answer)
    run.transfer = nil
    metrics.count { $0.attempt(result, took: .milliseconds(attempt.durationMs)) }
    switch result {
    case .succeeded:
      run.walk.pass(output, attempt: attempt, wall: wall)
      goOn(run)
    case .refused(let failure): fail(run, failure, attempt)
    case .failed(let failure, let asked, let isFree):
      let decision = RetryDecision.after(
        failure, asked: asked, isFree: isFree, rule: run.walk.step.map { RetryRule($0.retry) } ?? RetryRule(),
        attempt: run.attempt, firstAt: run.firstAttemptAt, now: now, unit: random.unit())
      switch decision {
      case .again(let at, let counted):
        run.record = wait(
          run, until: at, reason: "trying again after: \(failure.message)", attempt: counted,
          firstAttemptAt: run.firstAttemptAt, made: attempt, keepsRequest: true)
        happen(.attemptClosed, to: run)
      case .over(let failure): fail(run, failure, attempt)
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
    run.stop = run.walk.goOn(wall: wall, now: now)
    switch run.stop {
    case .request:
      run.record = step(run)
      happen(.attemptPassed, to: run)
    case .pause(let until):
      run.record = wait(run, until: until, reason: "waiting", attempt: 0, firstAttemptAt: nil)
      happen(.attemptClosed, to: run)
    case .end:
      run.record = end(run)
      happen(.attemptClosed, to: run)
    }
  }

  private func attemptRecord(_ run: Run, _ result: AttemptResult, _ answer: HTTPAnswer?) -> AttemptRecord {
    let detail: AttemptText.Detail = result == .succeeded ? .line : .whole
    let redaction = result == .succeeded ? Redaction() : composer.redaction(for: run.walk.step)
    var record = AttemptRecord(
      number: run.attempt, at: run.transfer?.began ?? wall,
      durationMs: Int((elapsed - (run.transfer?.beganAt ?? elapsed)).wholeMilliseconds),
      status: answer?.status)
    if let rendered = run.stop.request {
      record.request = AttemptText.request(
        method: rendered.method, url: rendered.url, headers: rendered.headers.all, body: rendered.body,
        detail,
        redaction)
    }
    record.response = answer.map { AttemptText.response($0, detail, redaction) }
    record.error = result.failure
    return record
  }
}

extension AttemptResult {
  fileprivate var failure: Failure? {
    switch self {
    case .succeeded: nil
    case .refused(let failure), .failed(let failure, _, _): failure
    }
  }
}

extension Failure {
  fileprivate static func unexpected(_ answer: HTTPAnswer, step: String) -> Failure {
    Failure(
      step: step, code: "unexpected_answer",
      message: "the answer \(answer.status) is not what `expect` wants",
      status: answer.status)
  }
}
