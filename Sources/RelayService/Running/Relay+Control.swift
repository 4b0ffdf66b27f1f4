package import RelayAdmin
internal import RelayCrypto
internal import RelayDocuments
internal import RelayEngine
internal import RelayIngress
package import RelayModel
package import RelayStore
internal import RelayWorkflow
internal import Synchronization

extension Relay: RelayControl {
  package var vault: any SecretKeeping { keptSecrets }

  package func reload() -> ReloadReport { reload(force: false) }

  package func approvalLink(_ execution: RecordKey, _ step: StepPath) -> String? {
    state.withLock { $0.generation.configuration }.approvalLink(approvals.token(execution, step))
  }

  /// Reads configuration and workflows again.
  ///
  /// Swapped whole: ingress judges by the new generation from one request to the next, executions stay on
  /// their versions, and nothing that is counted or durable is touched.
  ///
  /// - Parameter force: takes the generation up although no file has changed, because a secret has.
  func reload(force: Bool) -> ReloadReport {
    do throws(GenerationError) {
      let before = state.withLock { $0.generation }
      let loaded = try loader.configuration()
      let generation = try loader.load(loaded, secrets: secrets, store: store)
      guard force || generation.fingerprint != before.fingerprint else { return unchanged(generation) }
      for key in generation.configuration.changedForever(from: before.configuration) {
        log.warning("a changed key takes effect at the next start", .text("key", key))
      }
      return adopt(generation)
    } catch {
      return refuse(error)
    }
  }

  private func unchanged(_ generation: Generation) -> ReloadReport {
    state.withLock { state in
      state.reloadErrors = []
      return ReloadReport(generation: state.number, fingerprint: state.generation.fingerprint, changed: false)
    }
  }

  private func adopt(_ generation: Generation) -> ReloadReport {
    do {
      if generation.asks { try approvals.prepare() }
    } catch {
      log.error("links of approvals cannot be signed", .text("why", "\(error)"))
    }
    ingress.replace(generation.catalog)
    engine.configure(EngineConfiguration(generation, approvals, tracing))
    maintenance.configure(Retention(generation.configuration))
    let number = state.withLock { state in
      state.generation = generation
      state.number += 1
      state.reloadErrors = []
      return state.number
    }
    log.info(
      "reloaded", .number("generation", number),
      .text("fingerprint", String(generation.fingerprint.prefix(12))),
      .number("hooks", generation.catalog.hooks.count), .number("workflows", generation.workflows.count))
    return ReloadReport(
      generation: number, fingerprint: generation.fingerprint, changed: true,
      warnings: generation.warnings.map(\.description))
  }

  private func refuse(_ error: GenerationError) -> ReloadReport {
    let messages = error.messages
    for message in messages.prefix(20) {
      log.error("the change is refused; what ran before goes on", .text("why", message))
    }
    return state.withLock { state in
      state.reloadErrors = messages
      return ReloadReport(
        generation: state.number, fingerprint: state.generation.fingerprint, changed: false, errors: messages)
    }
  }

  package func execute(workflow name: String, event: ManualEvent) throws(ControlError) -> AcceptedExecution {
    let generation = state.withLock { $0.generation }
    guard let listener = generation.workflows[name] else {
      throw .notFound(unknownWorkflow(name, generation))
    }
    let record = EventRecord(
      hook: listener.workflow.trigger.hook ?? "", type: event.type, method: event.method, target: "/",
      headers: event.headers, client: event.actor, receivedAt: time.now(), origin: .manual)
    let manual = StoredEvent(key: RecordKey(rawValue: 0), record: record, body: event.body)
    let execution = try generation.execution(of: listener, .manual, on: manual.value(id: ""))
    let answer = try perform(
      Enqueue(
        event: NewEvent(record: record, body: event.body), executions: [execution], mark: nil,
        now: time.now()))
    guard let execution = answer.executions.first else {
      throw .unavailable("The event was stored without its execution.")
    }
    return AcceptedExecution(event: answer.event, execution: execution)
  }

  package func replay(_ key: RecordKey, workflow: String?, background: Bool) throws(ControlError)
    -> [RecordKey]
  {
    let generation = state.withLock { $0.generation }
    guard let event = try read({ (snapshot) throws(StoreError) in try snapshot.event(key) }) else {
      throw .notFound(
        "There is no event \(store.tag.id(.event, key)): it may have been deleted by retention.")
    }
    let value = event.value(id: store.tag.id(.event, key))
    var executions: [NewExecution] = []
    if let workflow {
      guard let listener = generation.workflows[workflow] else {
        throw .notFound(unknownWorkflow(workflow, generation))
      }
      executions = [try generation.execution(of: listener, .replay, on: value)]
    } else {
      for listener in generation.matching(value) {
        executions.append(try generation.execution(of: listener, .replay, on: value))
      }
    }
    let keys = try perform(
      Replay(event: key, executions: executions, background: background, now: time.now()))
    guard let keys else { throw .notFound("There is no event \(store.tag.id(.event, key)).") }
    return keys
  }

  package func retry(_ execution: RecordKey, _ how: RetryRequest) throws(ControlError) -> RecordKey {
    let version: RetryExecution.Version =
      how.version == .original ? .original : try currentVersion(of: execution, fromStart: how.fromStart)
    let answer = try perform(
      RetryExecution(execution: execution, fromStart: how.fromStart, version: version, now: time.now()))
    switch answer {
    case .retried(let key): return key
    case .notFound: throw .notFound("There is no execution \(store.tag.id(.execution, execution)).")
    case .notEnded(let status):
      throw .conflict("The execution is \(status.rawValue): only one that failed or was cancelled can go on.")
    }
  }

  private func currentVersion(of key: RecordKey, fromStart: Bool) throws(ControlError)
    -> RetryExecution.Version
  {
    guard let record = try read({ (snapshot) throws(StoreError) in try snapshot.execution(key) }) else {
      throw .notFound("There is no execution \(store.tag.id(.execution, key)).")
    }
    let generation = state.withLock { $0.generation }
    guard let listener = generation.workflows[record.workflow] else {
      throw .conflict(
        "The workflow \(record.workflow) is not loaded any more: retry with its original version.")
    }
    if fromStart || record.version == listener.version { return .other(listener.version) }
    let (journal, attempts) = try read { (snapshot) throws(StoreError) in
      (try snapshot.journal(of: key), try snapshot.attempts(of: key))
    }
    do throws(ProgramError) {
      let places = try VersionMove.places(
        record, journal: journal, attempts: attempts, from: try program(record.version),
        to: try program(listener.version))
      return .other(listener.version, places: places, of: record.revision)
    } catch {
      throw .conflict(error.message)
    }
  }

  private func program(_ number: UInt32) throws(ProgramError) -> Program {
    var programs = ProgramCache()
    let read: Result<Program, ProgramError>
    do throws(StoreError) {
      read = try programs.program(number, store)
    } catch {
      throw ProgramError(message: error.message)
    }
    return try read.get()
  }

  package func cancel(_ execution: RecordKey) throws(ControlError) {
    switch try perform(Cancel(execution: execution, now: time.now())) {
    case .cancelled: return
    case .ended(let status): throw .conflict("The execution has ended already: it is \(status.rawValue).")
    case .notFound: throw .notFound("There is no execution \(store.tag.id(.execution, execution)).")
    }
  }

  package func discard(_ execution: RecordKey) throws(ControlError) {
    guard try perform(Discard(execution: execution)) else {
      throw .conflict("\(store.tag.id(.execution, execution)) is no dead letter.")
    }
  }

  /// A transition's answer, or why there is none, for people.
  func perform<T: Transition>(_ transition: T) throws(ControlError) -> T.Answer {
    do throws(StoreError) {
      return try store.perform(transition)
    } catch {
      if case .ioFailed(let why) = error { fail(why) }
      throw .unavailable(error.message)
    }
  }

  func read<R>(_ body: (borrowing Snapshot) throws(StoreError) -> R) throws(ControlError) -> R {
    do throws(StoreError) {
      return try store.read(body)
    } catch {
      throw .unavailable(error.message)
    }
  }

  private func unknownWorkflow(_ name: String, _ generation: Generation) -> String {
    let hint = nearest(to: name, among: generation.workflows.keys.sorted()).map {
      "; did you mean \"\($0)\"?"
    }
    return "There is no workflow \"\(name.prefix(64))\"\(hint ?? ".")"
  }
}

extension Generation {
  /// The workflows that an event starts; an error of a condition is no match.
  func matching(_ event: EventValue) -> [WorkflowListener] {
    guard let hook = catalog.hooks[event.hook] else { return [] }
    return hook.listeners.filter { listener in
      do {
        return try listener.workflow.matches(event, vars: catalog.vars)
      } catch {
        return false
      }
    }
  }

  /// An execution to be made by hand, in the lanes of those that events make.
  func execution(of listener: WorkflowListener, _ origin: ExecutionOrigin, on event: EventValue)
    throws(ControlError) -> NewExecution
  {
    var notes: [String] = []
    do throws(CryptoError) {
      return try listener.execution(origin, on: event, vars: catalog.vars, &notes)
    } catch {
      throw .unavailable("its order key cannot be computed: \(error)")
    }
  }
}

extension StoredEvent {
  func value(id: String) -> EventValue {
    EventValue(id: id, type: record.type, hook: record.hook, request: request)
  }

  var request: IncomingRequest {
    IncomingRequest(
      method: record.method, target: record.target, headers: record.headers, body: body,
      receivedAt: record.receivedAt, client: record.client)
  }
}

extension Configuration {
  /// Keys that a running relay cannot change, and that differ.
  func changedForever(from old: Configuration) -> [String] {
    var keys: [String] = []
    if data != old.data { keys.append("data") }
    if listen != old.listen { keys.append("listen") }
    if admin != old.admin { keys.append("admin") }
    if limits != old.limits { keys.append("limits") }
    if storeLimit != old.storeLimit { keys.append("store") }
    if workflows != old.workflows { keys.append("workflows") }
    if egress.policy != old.egress.policy || egress.proxy != old.egress.proxy {
      keys.append("egress")
    }
    if upstream != old.upstream { keys.append("upstream") }
    if traces != old.traces { keys.append("traces") }
    return keys
  }
}
