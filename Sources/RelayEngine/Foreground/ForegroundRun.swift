internal import RelayDocuments
package import RelayHTTP
package import RelayModel
package import RelaySandbox
package import RelayStore
internal import RelayThreads
internal import RelayWorkflow

/// Runs one workflow in the foreground, step by step with the engine's own walk, and keeps nothing: for
/// `petrel run`. It blocks the thread that calls it. A dry run sends nothing; a step that asks for an
/// answer then gets an empty 200.
package struct ForegroundRun {
  private let program: Program
  private let event: StoredEvent
  private let transport: any Transport
  private let scripts: any ScriptRunner
  private let composer: AttemptComposer
  private let time: any TimeSource
  private let random: any RandomSource
  private let maxAnswer: ByteCount
  private let executionID: String
  private let tag: StoreTag
  private let isDry: Bool

  /// - Parameter tag: draws the ids that expressions and `Idempotency-Key` show: random, so that two runs
  ///   are not taken for one.
  package init(
    _ program: Program, event: EventRecord, body: [UInt8], isDry: Bool, transport: any Transport,
    scripts: any ScriptRunner, secrets: any SecretSource, time: any TimeSource, random: any RandomSource,
    maxAnswer: ByteCount = .mebibytes(1)
  ) {
    let tag = StoreTag(random: random.bits())
    let key = RecordKey(lowestAt: time.now())
    self.program = program
    self.event = StoredEvent(key: key, record: event, body: body)
    self.transport = transport
    self.scripts = scripts
    self.composer = AttemptComposer(secrets: secrets)
    self.time = time
    self.random = random
    self.maxAnswer = maxAnswer
    self.executionID = tag.id(.execution, key.next(at: time.now()))
    self.tag = tag
    self.isDry = isDry
  }

  /// Walks to the end, and tells of every step on the way.
  package func run(_ report: (ForegroundReport) -> Void) -> (ExecutionStatus, Failure?) {
    var walk = Walk(program, started, journal: [], executionID: executionID, tag: tag)
    while true {
      let stop = walk.goOn(wall: time.now(), now: time.now())
      let pause: Duration? = if case .pause(let until) = stop { until - time.now() } else { nil }
      tell(&walk, report)
      switch stop {
      case .end(let status, let failure, _):
        report(.finished(status, failure))
        return (status, failure)
      case .checkpoint: break
      case .fork, .turn: preconditionFailure("a walk that does not go side by side has no strands")
      case .outputs(_, let turns): walk.supply([[UInt8]?](repeating: nil, count: Int(turns)))
      case .pause:
        report(.waiting(step: walk.name, what: walk.waitReason, pause ?? .zero))
        if isDry {
          walk.pass(nil, attempt: nil, wall: time.now())
        } else if walk.takeBegun() != nil || walk.takeChild() != nil {
          walk.failWait(
            "foreground", "nothing comes to a run in the foreground; send the event to the relay", time.now())
        } else {
          rest(pause ?? .zero)
        }
      case .request(let request, _):
        if isDry {
          pretend(request, &walk, report)
        } else {
          perform(&walk, report) { step, walk, number in attempt(request, step, &walk, number: number) }
        }
      case .script(let script):
        // It touches nothing: a dry run runs it as well.
        perform(&walk, report) { _, walk, number in attempt(script, walk.name, number: number) }
      }
    }
  }

  private var started: StartedExecution {
    var record = ExecutionRecord(
      event: event.key, hook: event.record.hook, workflow: program.workflow.name, version: 0, origin: .manual,
      priority: 0, background: false, position: .start, createdAt: time.now())
    record.startedAt = time.now()
    return StartedExecution(key: event.key, record: record, event: event)
  }

  /// Reports the steps that ended; what only waits is reported as such.
  private func tell(_ walk: inout Walk, _ report: (ForegroundReport) -> Void) {
    for entry in walk.takePending() where entry.status != .waiting { report(.ended(entry)) }
  }

  private func pretend(_ request: RenderedRequest, _ walk: inout Walk, _ report: (ForegroundReport) -> Void) {
    let shown = AttemptText.request(request, .whole, composer.redaction(for: walk.step), bodyLimit: .max)
    report(.wouldSend(step: walk.name, request: shown))
    let answer = BodyValue.outputText(status: 200, headers: HeaderFields(), body: [])
    walk.pass(answer, attempt: nil, wall: time.now())
  }

  // MARK: Attempts

  /// Makes attempts until the step is over.
  private func perform(
    _ walk: inout Walk, _ report: (ForegroundReport) -> Void,
    _ make: (ProgramStep, inout Walk, _ number: Int) -> FinishedAttempt
  ) {
    guard let step = walk.step else { return }
    let firstAt = time.now()
    var counted = 0
    while true {
      let finished = make(step, &walk, counted + 1)
      let record = finished.record(composer.redaction(for: step))
      switch finished.result {
      case .succeeded: return walk.pass(finished.output, attempt: record, wall: time.now())
      case .refused(let failure): return fail(&walk, failure, record)
      case .failed(let failure, let asked, let isFree):
        let decision = RetryDecision.after(
          failure, asked: asked, isFree: isFree, rule: step.retry, attempt: counted + 1,
          firstAt: firstAt, now: time.now(), unit: random.unit())
        guard case .again(let at, let attempt) = decision else { return fail(&walk, failure, record) }
        counted = attempt
        report(.retrying(step: walk.name, record, after: at - time.now()))
        rest(at - time.now())
      }
    }
  }

  private func fail(_ walk: inout Walk, _ failure: Failure, _ record: AttemptRecord) {
    var failure = failure
    failure.attempts = record.number
    walk.fail(failure, attempt: record, wall: time.now())
  }

  private func attempt(_ rendered: RenderedRequest, _ step: ProgramStep, _ walk: inout Walk, number: Int)
    -> FinishedAttempt
  {
    let (began, beganAt) = (time.now(), time.elapsed())
    let request: OutgoingRequest
    do throws(StepError) {
      request = try composer.compose(
        rendered, step, execution: executionID, keyPath: walk.keyPath, maxAnswer: maxAnswer, isFresh: false,
        wall: began)
    } catch {
      let failure = Failure(step: walk.name, code: error.code.rawValue, message: error.message)
      return FinishedAttempt(number: number, began: began, request: rendered, refused: failure)
    }
    let answers = Inbox<Result<HTTPAnswer, TransferError>>()
    transport.start(request) { answers.put($0) }
    var answer = answers.wait(atMost: nil)
    while answer.isEmpty { answer = answers.wait(atMost: nil) }
    return FinishedAttempt(
      number: number, began: began, took: time.elapsed() - beganAt, request: rendered, result: answer[0],
      step: step, name: walk.name, scope: { walk.scope() }, now: time.now())
  }

  private func attempt(_ script: Script, _ name: String, number: Int) -> FinishedAttempt {
    let (began, beganAt) = (time.now(), time.elapsed())
    let results = Inbox<Result<[UInt8], ScriptFailure>>()
    _ = scripts.start(script) { results.put($0) }
    var result = results.wait(atMost: nil)
    while result.isEmpty { result = results.wait(atMost: nil) }
    return FinishedAttempt(
      number: number, began: began, took: time.elapsed() - beganAt, script: result[0], name: name)
  }

  /// Lets time pass, in the kernel.
  private func rest(_ span: Duration) {
    let end = time.elapsed() + span
    let nobody = Inbox<Void>()
    while time.elapsed() < end { _ = nobody.wait(atMost: end - time.elapsed()) }
  }
}
