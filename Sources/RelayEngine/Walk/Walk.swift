internal import RelayDocuments
internal import RelayExpressions
package import RelayHTTP
package import RelayModel
package import RelayStore
package import RelayWorkflow

/// One execution's way through its document: what has an outcome in the journal is passed, the first step
/// that has none is next. Pure: it evaluates, and says what it came to; whoever walks it sends, waits and
/// records.
///
/// Steps without an effect run in a row, and their outcomes wait in `pending` until the caller records
/// them together with the outcome of an effect. What is evaluated depends on nothing but the document,
/// its `vars`, the event and the journal, so that a walk begun again after a crash comes by the same
/// place with the same request.
package struct Walk {
  /// What the walk came to.
  package enum Stop {
    /// A request to be made by the step at `position`.
    case request(RenderedRequest, Destination?)
    /// A wait at `position`, whose mark is in `pending`.
    case pause(until: Timestamp)
    /// The end. `resumeAt` is the step that a retry goes on from.
    case end(ExecutionStatus, Failure?, resumeAt: StepPath?)
  }

  package let program: Program
  /// The step that is next or under way.
  package private(set) var position: StepPath
  /// Outcomes that are not on record yet, in order.
  package private(set) var pending: [JournalEntry] = []
  private let event: StoredEvent
  private let tag: StoreTag
  private let executionID: String
  private let startedAt: Timestamp
  /// How often the execution has ended before.
  private let ends: Int
  /// Made when an expression first needs it.
  private var eventValue: EventValue?
  private var outputs = JSONObject()
  /// Outputs that no expression has asked for yet.
  private var unread: [(id: String, text: [UInt8])] = []
  /// Why the execution fails, once it does.
  private var failure: Failure?
  private var failedAt: StepPath?
  private var stopped = false
  /// When the wait at `position` is over, where it has begun.
  private var waitMark: Timestamp?
  /// When the step at `position` began.
  private var stepBegan: Timestamp?

  /// A walk from where `started` stands. `journal` holds what has been recorded so far.
  package init(
    _ program: Program, _ started: StartedExecution, journal: [JournalEntry], executionID: String,
    tag: StoreTag
  ) {
    self.program = program
    self.position = started.record.position
    self.event = started.event
    self.tag = tag
    self.executionID = executionID
    self.startedAt = started.record.startedAt ?? started.record.createdAt
    self.ends = started.record.ends
    if started.record.attempt > 1 { self.stepBegan = started.record.firstAttemptAt }
    for entry in journal { take(entry) }
  }

  /// The step at `position`; nil at the end.
  package var step: ProgramStep? { program.step(at: position) }

  /// The path of `position` in names.
  package var name: String { step?.name ?? "" }

  /// What the `Idempotency-Key` of the step at `position` is made of. An `onFailure` that runs again,
  /// because a retry failed, tells of another failure: it is another request.
  package var keyPath: String {
    guard position.section == .onFailure, ends > 0 else { return name }
    return "\(Workflow.failurePath)~\(ends + 1)/\(step?.step.id ?? "")"
  }

  /// Hands over what is not on record yet.
  package mutating func takePending() -> [JournalEntry] {
    let taken = pending
    pending = []
    return taken
  }

  /// Walks on from `position` until something has to be sent, waited for, or ended.
  ///
  /// - Parameters:
  ///   - wall: for what people see.
  ///   - now: the engine's clock, which waits are measured by.
  package mutating func goOn(wall: Timestamp, now: Timestamp) -> Stop {
    while failure == nil || position.section == .onFailure, !stopped, let step {
      stepBegan = stepBegan ?? wall
      do throws(StepError) {
        if let stop = try enter(step, wall: wall, now: now) { return stop }
      } catch {
        fail(Failure(step: name, code: error.code.rawValue, message: error.message), wall: wall)
      }
    }
    return .end(failure == nil ? .succeeded : .failed, failure, resumeAt: failedAt)
  }

  /// The step at `position` has brought what it wanted; `output` is JSON text, nil for null.
  package mutating func pass(_ output: [UInt8]?, attempt: AttemptRecord?, wall: Timestamp) {
    guard let step else { return }
    var entry = entry(.succeeded, wall: wall)
    entry.attempts = attempt?.number ?? 0
    entry.output = output
    entry.last = attempt
    pending.append(entry)
    if let output {
      unread.append((step.step.id, output))
    } else {
      outputs[step.step.id] = .null
    }
    moveOn()
  }

  /// The step at `position` has failed for good: under `continueOnError` the walk goes on, else it goes
  /// to `onFailure`, and from there to the end.
  package mutating func fail(_ failure: Failure, attempt: AttemptRecord? = nil, wall: Timestamp) {
    guard let step else { return }
    var entry = entry(.failed, wall: wall)
    entry.attempts = attempt?.number ?? 0
    entry.last = attempt
    entry.failure = failure
    if step.step.continueOnError {
      entry.output = failure.stepValue.serialized()
      outputs[step.step.id] = failure.stepValue
      pending.append(entry)
      return moveOn()
    }
    pending.append(entry)
    if position.section == .onFailure {
      // Recorded, and that is all: the execution stays failed for its own reason.
      stopped = true
    } else {
      self.failure = failure
      failedAt = position
      position = .failureStart
      stepBegan = nil
    }
  }

  // MARK: Steps

  /// Nil where the step is over and the next one follows.
  private mutating func enter(_ known: ProgramStep, wall: Timestamp, now: Timestamp) throws(StepError)
    -> Stop?
  {
    if let mark = waitMark { return resume(mark, wall: wall, now: now) }
    if let condition = known.step.condition {
      let scope = scope()
      let isWanted = try evaluated { () throws(ExpressionError) in try condition.isTrue(in: scope) }
      guard isWanted else {
        skip(known.step.id, wall: wall)
        return nil
      }
    }
    switch known.step.verb {
    case .set(let template):
      let scope = scope()
      let value = try evaluated { () throws(ExpressionError) in try template.value(in: scope) }
      let text = value.serialized()
      guard text.count <= EngineBounds.output.bytes else {
        throw StepError(.badValue, "set: the value is larger than \(EngineBounds.output.text)")
      }
      pass(text, attempt: nil, wall: wall)
      return nil
    case .http(let call):
      if let fixed = known.fixed { return request(fixed, known) }
      return request(try call.render(in: scope()), known)
    case .forward(let forward): return request(try forward.render(event.request, in: scope()), known)
    case .wait(let wait): return begin(try wait.duration(in: scope()), wall: wall, now: now)
    case .stop(let message):
      let text = try message.map { (template) throws(StepError) in try self.text(template) }
      pass(text.map { JSON.string($0).serialized() }, attempt: nil, wall: wall)
      stopped = true
      return nil
    case .fail(let message):
      let text = try message.map { (template) throws(StepError) in try self.text(template) }
      fail(Failure(step: name, code: "fail", message: text ?? "the workflow ended itself here"), wall: wall)
      return nil
    }
  }

  private func request(_ rendered: RenderedRequest, _ known: ProgramStep) -> Stop {
    .request(rendered, known.destination ?? ProgramStep.destination(of: rendered.url))
  }

  private mutating func skip(_ id: String, wall: Timestamp) {
    pending.append(entry(.skipped, wall: wall))
    outputs[id] = .null
    moveOn()
  }

  /// The instant is decided here, once, and on record before the wait begins.
  private mutating func begin(_ span: Duration, wall: Timestamp, now: Timestamp) -> Stop? {
    guard span > .zero else {
      pass(nil, attempt: nil, wall: wall)
      return nil
    }
    let until = now + span
    var entry = entry(.waiting, wall: wall)
    entry.finishedAt = nil
    entry.decision = WaitMark.bytes(until)
    pending.append(entry)
    waitMark = until
    return .pause(until: until)
  }

  private mutating func resume(_ mark: Timestamp, wall: Timestamp, now: Timestamp) -> Stop? {
    guard now >= mark else { return .pause(until: mark) }
    waitMark = nil
    pass(nil, attempt: nil, wall: wall)
    return nil
  }

  private mutating func moveOn() {
    position = position.next
    stepBegan = nil
  }

  private func entry(_ status: StepStatus, wall: Timestamp) -> JournalEntry {
    JournalEntry(path: position, name: name, status: status, startedAt: stepBegan ?? wall, finishedAt: wall)
  }

  private mutating func text(_ template: Template) throws(StepError) -> String {
    let scope = scope()
    return try evaluated { () throws(ExpressionError) in try template.text(in: scope) }
  }

  // MARK: Scope

  /// What the expressions of the step at `position` see.
  package mutating func scope() -> WorkflowScope {
    let value =
      eventValue
      ?? EventValue(
        id: tag.id(.event, event.key), type: event.record.type, hook: event.record.hook,
        request: event.request)
    eventValue = value
    for output in unread { outputs[output.id] = Self.value(output.text) ?? .null }
    unread = []
    return WorkflowScope(
      event: value, vars: program.vars,
      execution: ExecutionFacts(
        id: executionID, workflow: program.workflow.name, version: program.version, startedAt: startedAt),
      steps: outputs, failure: position.section == .onFailure ? failure : nil)
  }

  /// Takes what is on record: outputs of steps that lie behind, the failure that led to `onFailure`, and
  /// the mark of a wait that has begun. What lies ahead belongs to an earlier run, and is run again.
  private mutating func take(_ entry: JournalEntry) {
    if entry.path == position, entry.status == .waiting, let mark = entry.decision.flatMap(WaitMark.instant) {
      waitMark = mark
      stepBegan = entry.startedAt
    }
    guard entry.path < position else { return }
    if entry.status == .failed, entry.output == nil {
      failure = entry.failure
      failedAt = entry.path
    }
    // By the name that it had: a retry may go on with another version of the document.
    let id = entry.name.split(separator: "/").last.map(String.init) ?? entry.name
    outputs[id] = entry.output.flatMap(Self.value) ?? .null
  }

  private static func value(_ output: [UInt8]) -> JSON? {
    do {
      return try JSON.parse(output)
    } catch {
      // The store checked the record's sum, and we wrote it: not JSON is not possible.
      return nil
    }
  }
}

/// The instant of a begun wait, as a journal entry keeps it.
enum WaitMark {
  static func bytes(_ instant: Timestamp) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: instant.milliseconds >> Int64($0)) }
  }

  static func instant(_ bytes: [UInt8]) -> Timestamp? {
    guard bytes.count == 8 else { return nil }
    return Timestamp(milliseconds: Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
  }
}

extension StoredEvent {
  /// The request as it came.
  var request: IncomingRequest {
    IncomingRequest(
      method: record.method, target: record.target, headers: record.headers, body: body,
      receivedAt: record.receivedAt, client: record.client)
  }
}

/// Evaluates, with an expression's error as the step's.
private func evaluated<Result>(_ body: () throws(ExpressionError) -> Result) throws(StepError) -> Result {
  do throws(ExpressionError) {
    return try body()
  } catch {
    throw StepError(error)
  }
}
