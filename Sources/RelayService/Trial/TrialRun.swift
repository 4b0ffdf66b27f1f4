internal import Glibc
internal import RelayAdmin
internal import RelayCrypto
package import RelayDocuments
internal import RelayEngine
internal import RelayExpressions
package import RelayHTTP
internal import RelayModel
internal import RelaySandbox
package import RelayStore
internal import RelayThreads
internal import RelayWorkflow

/// A workflow run in the foreground: the real engine on a store of its own, which is gone afterwards. Nothing of
/// it reaches the running relay.
package struct TrialRun {
  package enum Failure: Error, Sendable {
    /// The workflow is not what it should be, or not there.
    case workflow([Diagnostic])
    case store(StoreError)
    case client(TransferError)
    case folder(LocalFile.Failure)
  }

  private let configuration: Configuration
  private let environment: [String: String]
  /// Sends nothing, and does not wait for what is due later.
  private let isDry: Bool
  private let scripts: String
  private let time = TrialTime()

  /// - Parameter scripts: the program that runs scripts: this one.
  package init(
    _ configuration: Configuration, environment: [String: String], dry: Bool,
    scripts: String = Sandbox.ownProgram
  ) {
    self.configuration = configuration
    self.environment = environment
    self.isDry = dry
    self.scripts = scripts
  }

  /// Runs `file` on `event` to its end. `progress` is called with each step when it has ended. Answers the
  /// execution, as the admin API shows it.
  ///
  /// - Parameter recorded: in a dry run, what steps are answered with, by their path in names.
  package func run(
    _ file: WorkflowFile, _ event: TrialEvent, recorded: [String: JSON] = [:], progress: (JSON) -> Void
  ) throws(Failure) -> JSON {
    let folder = try makeFolder()
    defer { Self.remove(folder) }
    do {
      let store = try Store.open(
        StoreConfiguration(
          directory: folder, maxSize: .gibibytes(1), growth: ByteCount(0), durability: .none, executions: 1),
        time: time, random: SystemRandom())
      defer { store.drainAndClose() }
      return try run(file, event, on: store, folder, recorded, progress)
    } catch let error as StoreError {
      throw .store(error)
    } catch let error as TransferError {
      throw .client(error)
    } catch {
      throw .workflow([Diagnostic(file: file.path, line: 1, column: 1, message: "\(error)")])
    }
  }

  /// Whether the relay itself would start the workflow for this event.
  package func wouldStart(_ file: WorkflowFile, _ event: TrialEvent) -> Bool {
    guard let hook = file.workflow.trigger.hook else { return false }
    let request = IncomingRequest(
      method: event.method, target: event.target ?? "/hooks/\(hook)", headers: event.headers,
      body: event.body,
      receivedAt: time.now(), client: "local")
    do {
      let value = EventValue(id: "", type: event.type, hook: hook, request: request)
      return try file.workflow.matches(value, vars: Value(configuration.vars))
    } catch {
      return false
    }
  }

  private func run(
    _ file: WorkflowFile, _ event: TrialEvent, on store: Store, _ folder: String, _ recorded: [String: JSON],
    _ progress: (JSON) -> Void
  ) throws -> JSON {
    let secrets = RememberedSecrets(
      OperatorSecrets(environment: environment, vault: StandingVault(configuration)), standsIn: isDry)
    let dry = DryTransport(secrets, recorded: recorded)
    let client = isDry ? nil : try HTTPClient(try ClientConfiguration(configuration), time: time)
    defer { client?.stop() }
    let notices = Inbox<[Notice]>()
    store.onCommit { notices.put($0) }
    var settings = EngineConfiguration(configuration)
    settings.pretendsRuns = isDry
    if !isDry { settings.workflows = try runnable(store) }
    // A script touches nothing: a dry run runs it.
    let sandbox = Sandbox(program: scripts)
    defer { sandbox.stop() }
    let engine = Engine(
      configuration: settings, store: store, transport: client ?? dry, scripts: sandbox, time: time,
      random: SystemRandom(), secrets: secrets,
      log: SilentLog())
    try engine.start()
    defer { engine.drain(patience: .zero) }
    let key = try enqueue(file, event, store)
    let view = try ExecutionWatch(store, key, time, folder) { isDry ? dry.shown : [] }
    defer { view.stop() }
    while true {
      for notice in notices.wait(atMost: nil).joined() {
        switch notice {
        case .due(let instant) where isDry:
          if try store.perform(PretendWait(execution: key, now: time.now())) { continue }
          time.skip(to: instant)
          // Wakes the engine, which looks at the clock then.
          engine.configure(settings)
        case .ended(key, _): return view.report(progress)
        default: _ = view.report(progress)
        }
      }
    }
  }

  /// What `run` may start: the configuration's workflows.
  private func runnable(_ store: Store) throws -> [String: RunnableWorkflow] {
    let folder = WorkflowFolder.load(
      configuration.workflows, hooks: configuration.knownHooks)
    var workflows: [String: RunnableWorkflow] = [:]
    for file in folder.files {
      workflows[file.workflow.name] = RunnableWorkflow(
        version: try register(file, store), hook: file.workflow.trigger.hook,
        priority: UInt8(clamping: file.workflow.trigger.priority))
    }
    return workflows
  }

  private func register(_ file: WorkflowFile, _ store: Store) throws -> UInt32 {
    try store.perform(
      RegisterVersion(
        name: file.workflow.name, document: file.document, hash: file.hash,
        vars: configuration.vars.serialized()))
  }

  private func enqueue(_ file: WorkflowFile, _ event: TrialEvent, _ store: Store) throws -> RecordKey {
    let version = try register(file, store)
    let hook = file.workflow.trigger.hook ?? ""
    let record = EventRecord(
      hook: hook, type: event.type, method: event.method, target: event.target ?? "/hooks/\(hook)",
      headers: event.headers, client: "local", receivedAt: time.now(), origin: .manual)
    let answer = try store.perform(
      Enqueue(
        event: NewEvent(record: record, body: event.body),
        executions: [NewExecution(workflow: file.workflow.name, version: version, origin: .manual)],
        mark: nil,
        now: time.now()))
    guard let key = answer.executions.first else { throw StoreError.closing }
    return key
  }

  private func makeFolder() throws(Failure) -> String {
    let base = environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/petrel-run-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
    }
    guard let made else { throw .folder(LocalFile.Failure(base, errno: errno)) }
    return made
  }

  private static func remove(_ folder: String) {
    do throws(LocalFile.Failure) {
      for name in try LocalFile.names(in: folder) { unsafe unlink("\(folder)/\(name)") }
    } catch {
      // What could not be listed stays in the temporary folder, which the machine empties.
    }
    unsafe rmdir(folder)
  }
}
