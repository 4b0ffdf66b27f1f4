internal import RelayDocuments
internal import RelayExpressions
package import RelayModel
package import RelaySandbox
package import RelayStore
internal import RelayWorkflow

/// One execution's way through its document: what has an outcome in the journal is passed, the first step
/// that has none is next. Pure: it evaluates, and says what it came to; whoever walks it sends, waits and
/// records.
///
/// Steps without an effect run in a row, and their outcomes wait in `pending` until the caller records
/// them together with the outcome of an effect. What is evaluated depends on nothing but the document,
/// its `vars`, the event and the journal, so that a walk begun again after a crash comes by the same
/// place with the same request.
package final class Walk {
  /// What the walk came to.
  package enum Stop {
    /// A request to be made by the step at `position`.
    case request(StepRequest)
    /// A script to be run by the step at `position`.
    case script(Script)
    /// A wait at `position`, whose mark is in `pending`.
    case pause(until: Timestamp)
    /// Enough outcomes are in `pending`: they are to be recorded before the walk goes on.
    case checkpoint
    /// The step at `of` is over, but what its first turns came to was not walked here: `supply` wants the output
    /// of the last step in each.
    case outputs(of: StepPath, turns: UInt32)
    /// Branches begin at `position`, whose decision is in `pending`.
    case fork(NewFork)
    /// The branch or turn of a strand is over: `enterTurn` goes on with another.
    case turn
    /// The end. `resumeAt` is the step that a retry goes on from.
    case end(ExecutionStatus, Failure?, resumeAt: StepPath?)
  }

  package let program: Program
  /// The step that is next or under way.
  package internal(set) var position: StepPath
  /// Outcomes that are not on record yet, in order.
  package internal(set) var pending: [JournalEntry] = []
  var pendingBytes = 0
  /// What is pending could come out otherwise: branches that failed run again at a retry. Nothing with an effect
  /// follows before it is on record.
  var isOpen = false
  let event: StoredEvent
  let tag: StoreTag
  let executionID: String
  let startedAt: Timestamp
  let key: RecordKey
  /// Makes the links that people decide under.
  var approvalLink: ApprovalLink?
  /// How often the execution has ended before.
  private let ends: Int
  /// Steps that are over, over all its runs.
  package var stepsDone: Int
  /// Of a strand, the frames around its steps; they are others' to leave. 0 for an execution.
  let bound: Int
  let lists: ElementLists
  /// How the branches of the step at `position` stand, where they were begun.
  var fork: ForkRecord?
  /// What they came to, once it was read.
  var forkOutputs: [[UInt8]?]?
  /// The decision of the step at `position`, where it stands open.
  var openDecision: [UInt8]?
  /// Why a strand fails.
  var strandFailure: Failure?
  /// Made when an expression first needs it.
  var eventValue: EventValue?
  /// Of the steps that those at `position` see.
  var outputs = JSONObject()
  /// Outputs that no expression has asked for yet.
  var unread: [(id: String, text: [UInt8])] = []
  /// What the last step came to.
  var lastOutput: [UInt8]?
  /// The steps that `position` stands in, the innermost last.
  var frames: [Frame] = []
  /// Why the execution fails, once it does.
  var failure: Failure?
  var failedAt: StepPath?
  var stopped = false
  /// When the wait at `position` is over, where it has begun.
  var waitMark: Timestamp?
  /// What the wait that begins at `position` waits for, until it is on record.
  var begun: WaitRecord?
  /// What the sender of the event is to be answered, until it is on record. Nothing follows before.
  var answer: HookAnswer?
  /// What `run` starts at `position`, until it is on record.
  var child: ChildRun?
  /// What `run` may start.
  var workflows: [String: RunnableWorkflow] = [:]
  var pretendsRuns = false
  /// What came of the wait at `position`.
  var woken: WaitOutcome?
  /// When the step at `position` began.
  var stepBegan: Timestamp?

  /// A walk from where `started` stands. `journal` holds what has been recorded so far of the steps that lead
  /// there.
  ///
  /// - Parameter woken: what came of the wait that it stands in.
  package init(
    _ program: Program, _ started: StartedExecution, journal: [JournalEntry], woken: WaitOutcome? = nil,
    fork: ForkRecord? = nil, lists: ElementLists, executionID: String, tag: StoreTag
  ) {
    self.program = program
    self.position = started.record.position
    self.event = started.event
    self.tag = tag
    self.executionID = executionID
    self.key = started.record.root(started.key)
    self.woken = woken
    self.fork = fork
    self.lists = lists
    self.bound = started.record.strand?.block.depth ?? 0
    self.startedAt = started.record.startedAt ?? started.record.createdAt
    self.ends = started.record.ends
    self.stepsDone = started.record.stepsDone
    if started.record.attempt > 1 { self.stepBegan = started.record.firstAttemptAt }
    for entry in journal { take(entry) }
  }

  /// The step at `position`; nil at the end.
  package var step: ProgramStep? { program.step(at: position) }

  /// The path of `position` in names.
  package var name: String { program.name(of: position) }

  /// What the `Idempotency-Key` of the step at `position` is made of. An `onFailure` that runs again,
  /// because a retry failed, tells of another failure: it is another request.
  package var keyPath: String {
    guard position.section == .onFailure, ends > 0 else { return name }
    return "\(Workflow.failurePath)~\(ends + 1)\(name.dropFirst(Workflow.failurePath.count))"
  }

  /// Hands over what is not on record yet.
  package func takePending() -> [JournalEntry] {
    let taken = pending
    pending = []
    pendingBytes = 0
    isOpen = false
    return taken
  }

  /// Hands over what the step at `position` starts.
  package func takeChild() -> ChildRun? { child.take() }

  /// Hands over what the sender of the event is to be answered.
  package func takeAnswer() -> HookAnswer? { answer.take() }

  /// Hands over what the wait that has just begun waits for beside its instant.
  package func takeBegun() -> WaitRecord? { begun.take() }

  /// Walks on from `position` until something has to be sent, waited for, recorded, read, or ended.
  ///
  /// - Parameters:
  ///   - wall: for what people see.
  ///   - now: the engine's clock, which waits are measured by.
  package func goOn(wall: Timestamp, now: Timestamp) -> Stop {
    while failure == nil || position.section == .onFailure, !stopped {
      guard let step else {
        if frames.isEmpty || frames.count < bound {
          if position.depth > 1 { loseWay() }
          break
        }
        if frames.count == bound { return .turn }
        if let stop = leaveTurn(wall: wall) { return stop }
        continue
      }
      if let fork {
        if let stop = close(fork, step, wall: wall) { return stop }
        continue
      }
      if isFull || answer != nil || isOpen { return .checkpoint }
      stepBegan = stepBegan ?? wall
      do throws(StepError) {
        try checkSteps(wall: wall)
        if let stop = try enter(step, wall: wall, now: now) { return stop }
      } catch {
        fail(
          Failure(step: name, code: error.code.rawValue, message: error.message),
          isFinal: error.code == .tooManySteps, wall: wall)
      }
    }
    let failure = bound > 0 ? strandFailure : failure
    return .end(failure == nil ? .succeeded : .failed, failure, resumeAt: failedAt)
  }

  /// The step at `position` has brought what it wanted; `output` is JSON text, nil for null.
  package func pass(_ output: [UInt8]?, attempt: AttemptRecord?, wall: Timestamp) {
    guard let step else { return }
    var entry = entry(.succeeded, wall: wall)
    entry.attempts = attempt?.number ?? 0
    entry.output = output
    entry.last = attempt
    keep(entry)
    if let output {
      unread.append((step.step.id, output))
    } else {
      outputs[step.step.id] = .null
    }
    moveOn(output)
  }

  /// The step at `position` has failed for good: under its `continueOnError`, or that of a step around it, the
  /// walk goes on, else it goes to `onFailure`, and from there to the end.
  ///
  /// - Parameter isFinal: nothing goes on.
  package func fail(
    _ failure: Failure, attempt: AttemptRecord? = nil, isFinal: Bool = false, wall: Timestamp
  ) {
    guard let step else { return }
    var entry = entry(.failed, wall: wall)
    entry.attempts = attempt?.number ?? 0
    entry.last = attempt
    entry.failure = failure
    if step.step.continueOnError, !isFinal { return goOn(without: step, entry, failure) }
    entry.decision = openDecision
    openDecision = nil
    keep(entry)
    let place = position
    while frames.count > bound, let frame = leaveBlock() {
      var around = self.entry(.failed, wall: wall)
      around.failure = failure
      if frame.known.step.continueOnError, !isFinal { return goOn(without: frame.known, around, failure) }
      // A retry goes on inside it.
      around.decision = frame.decision
      keep(around)
    }
    if bound > 0 {
      strandFailure = failure
      failedAt = place
      stopped = true
    } else if position.section == .onFailure {
      // Recorded, and that is all: the execution stays failed for its own reason.
      stopped = true
    } else {
      self.failure = failure
      failedAt = place
      position = .failureStart
      stepBegan = nil
    }
  }

  private func goOn(without step: ProgramStep, _ entry: JournalEntry, _ failure: Failure) {
    var entry = entry
    let output = failure.stepValue.serialized()
    entry.output = output
    outputs[step.step.id] = failure.stepValue
    keep(entry)
    moveOn(output)
  }

  /// The document has no such place inside a step: a retry goes on with another version.
  private func loseWay() {
    failedAt = position
    failure = Failure(
      step: name, code: "document",
      message: "this version of the workflow has no such step any more; retry from the start")
    strandFailure = failure
  }

  // MARK: Outcomes

  func skip(_ id: String, wall: Timestamp) {
    keep(entry(.skipped, wall: wall))
    outputs[id] = .null
    moveOn(nil)
  }

  private func moveOn(_ output: [UInt8]?) {
    position = position.next
    openDecision = nil
    stepBegan = nil
    lastOutput = output
  }

  func entry(_ status: StepStatus, wall: Timestamp) -> JournalEntry {
    JournalEntry(path: position, name: name, status: status, startedAt: stepBegan ?? wall, finishedAt: wall)
  }

  func keep(_ entry: JournalEntry) {
    if entry.finishedAt != nil { stepsDone += 1 }
    pendingBytes += (entry.output?.count ?? 0) + (entry.decision?.count ?? 0)
    pending.append(entry)
  }

  private var isFull: Bool {
    pending.count >= EngineBounds.pending || pendingBytes >= EngineBounds.pendingBytes.bytes
  }

  /// Loops in loops come to an end.
  private func checkSteps(wall: Timestamp) throws(StepError) {
    let more = position.section == .onFailure ? EngineBounds.failureSteps : 0
    guard stepsDone >= EngineBounds.steps + more else { return }
    throw StepError(
      .tooManySteps,
      "the execution has done \(stepsDone) steps, more than one may; split the work into several")
  }
}
