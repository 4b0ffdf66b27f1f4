import Glibc
import RelayCrypto
import RelayEngine
import RelayHTTP
import RelayModel
import RelaySandbox
import RelayStore
import RelayThreads
import RelayWorkflow
import Testing

/// The engine's core on a real store that commits by hand, with a scripted transport and virtual clocks.
final class EngineBench {
  let time = VirtualTime()
  let transport = ScriptedTransport()
  let scripts = ScriptedScripts()
  var random = FixedRandom(unit: 0.5)
  var secrets = FixedSecrets()
  var configuration: EngineConfiguration
  private(set) var store: Store
  private(set) var core: EngineCore
  private let directory: String

  init(
    executions: Int = 256, limits: DestinationGate.Limits = DestinationGate.Limits()
  ) throws {
    configuration = EngineConfiguration(executions: executions, destinations: limits)
    directory = try Self.temporaryDirectory()
    store = try Self.open(directory, time, executions)
    core = Self.core(configuration, store, transport, scripts, time, random, secrets)
    try core.start()
    settle()
  }

  deinit {
    store.drainAndClose()
    Self.remove(directory)
  }

  /// Registers the workflow, and makes an event that starts it; the execution's key.
  @discardableResult
  func accept(
    _ workflow: String, event: String = "{}", body: [UInt8]? = nil, headers: [(String, String)] = []
  ) throws
    -> RecordKey
  {
    try accept(version: try register(workflow), event: event, body: body, headers: headers)
  }

  func register(_ workflow: String) throws -> UInt32 {
    let document = Array(workflow.utf8)
    return try store.perform(
      RegisterVersion(
        name: "sample", document: document, hash: try DigestAlgorithm.sha256.digest(document),
        vars: Array(#"{"region":"eu"}"#.utf8)))
  }

  @discardableResult
  func accept(
    version: UInt32, event: String = "{}", body: [UInt8]? = nil, headers: [(String, String)] = []
  ) throws -> RecordKey {
    let record = EventRecord(
      hook: "inbox", type: "created", method: "POST", target: "/hooks/inbox?a=1",
      headers: HeaderFields([("Content-Type", "application/json")] + headers), client: "192.0.2.1",
      receivedAt: time.now())
    let answer = try store.perform(
      Enqueue(
        event: NewEvent(record: record, body: body ?? Array(event.utf8)),
        executions: [NewExecution(workflow: "sample", version: version)], mark: nil, now: time.now()))
    settle()
    return answer.executions[0]
  }

  /// Accepts an event that starts nothing.
  @discardableResult
  func deliver(_ body: String, hook: String = "inbox", settles: Bool = true) throws -> RecordKey {
    let answer = try store.perform(arrival(body, hook: hook))
    if settles { settle() }
    return answer.event
  }

  func arrival(_ body: String, hook: String = "inbox") -> Enqueue {
    let record = EventRecord(
      hook: hook, type: "paid", method: "POST", target: "/hooks/\(hook)?b=2",
      headers: HeaderFields([("Content-Type", "application/json")]), client: "192.0.2.1",
      receivedAt: time.now())
    return Enqueue(
      event: NewEvent(record: record, body: Array(body.utf8)), executions: [], mark: nil, now: time.now())
  }

  /// What `petrel doctor --store` would find.
  func findings() throws -> [Finding] {
    try store.read { (snapshot) throws(StoreError) in try Checker.check(snapshot) }.findings
  }

  func put(_ input: EngineInput) { core.inbox.put(input) }

  /// Runs and commits until nothing follows.
  func settle() {
    for _ in 0..<12 {
      core.run()
      store.pump()
    }
    core.run()
  }

  /// Lets time pass up to the engine's next deadline, and settles. False where there is none.
  @discardableResult
  func sleep() -> Bool {
    guard let deadline = core.nextDeadline else { return false }
    time.advance(by: max(deadline - time.elapsed(), .milliseconds(1)))
    settle()
    return true
  }

  func pass(_ span: Duration) {
    time.advance(by: span)
    settle()
  }

  /// The process dies at the next commit, and starts again.
  func crash(_ fate: CommitFate = .crashBefore, settles: Bool = true) throws {
    store.pump(fate)
    store = try Self.open(directory, time, configuration.executions)
    core = Self.core(configuration, store, transport, scripts, time, random, secrets)
    try core.start()
    if settles { settle() }
  }

  /// The relay is stopped, `spoil` does something to its file, and `petrel compact --offline` makes a new one.
  @discardableResult
  func salvage(after spoil: (_ file: String) throws -> Void = { _ in }) throws -> Salvage.Report {
    store.drainAndClose()
    try spoil("\(directory)/data.mdb")
    let report = try Salvage.run(
      directory: directory, maxSize: .mebibytes(64), time: time, random: FixedRandom(unit: 0.25))
    store = try Self.open(directory, time, configuration.executions)
    core = Self.core(configuration, store, transport, scripts, time, random, secrets)
    try core.start()
    settle()
    return report
  }

  // MARK: Looking

  func execution(_ key: RecordKey) throws -> ExecutionRecord {
    try #require(try store.read { (snapshot) throws(StoreError) in try snapshot.execution(key) })
  }

  func journal(_ key: RecordKey) throws -> [JournalEntry] {
    try store.read { (snapshot) throws(StoreError) in try snapshot.journal(of: key) }
  }

  func attempts(_ key: RecordKey) throws -> [AttemptRecord] {
    try store.read { (snapshot) throws(StoreError) in try snapshot.attempts(of: key) }.map(\.attempt)
  }

  func id(_ key: RecordKey) -> String { store.tag.id(.execution, key) }

  /// The journal as lines: `name status output`.
  func story(_ key: RecordKey) throws -> [String] {
    try journal(key).map { entry in
      let output = entry.output.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(entry.name) \(entry.status.rawValue)\(output)"
    }
  }

  // MARK: Making

  private static func core(
    _ configuration: EngineConfiguration, _ store: Store, _ transport: ScriptedTransport,
    _ scripts: ScriptedScripts, _ time: VirtualTime,
    _ random: FixedRandom, _ secrets: FixedSecrets
  ) -> EngineCore {
    let core = EngineCore(
      configuration: configuration, store: store, transport: transport, scripts: scripts,
      time: time, random: random,
      secrets: secrets, log: SilentLog())
    store.onCommit(EngineCore.sink(core.inbox))
    return core
  }

  private static func open(_ directory: String, _ time: VirtualTime, _ executions: Int)
    throws -> Store
  {
    var configuration = StoreConfiguration(directory: directory)
    configuration.maxSize = .mebibytes(64)
    configuration.growth = ByteCount(0)
    configuration.durability = .none
    configuration.committer = .manual
    configuration.executions = executions
    configuration.judge = { kind, record, body in
      let event = StoredEvent(key: RecordKey(rawValue: 0), record: record, body: body)
      do {
        return try EventQuestion(hook: kind.hook, key: kind.key, condition: kind.condition)
          .answer(of: EventValue(id: "", type: record.type, hook: record.hook, request: event.asRequest))
      } catch {
        return nil
      }
    }
    return try Store.open(configuration, time: time, random: FixedRandom(unit: 0.25))
  }

  static func remove(_ directory: String) {
    for name in ["data.mdb", "data.mdb.damaged", "lock.mdb", "petrel.lock"] {
      _ = unsafe unlink("\(directory)/\(name)")
    }
    _ = unsafe rmdir(directory)
  }

  static func temporaryDirectory() throws -> String {
    var template = Array("/tmp/petrel-engine-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return nil as String? }
      return unsafe String(cString: made)
    }
    return try #require(made)
  }
}

extension StoredEvent {
  fileprivate var asRequest: IncomingRequest {
    IncomingRequest(
      method: record.method, target: record.target, headers: record.headers, body: body,
      receivedAt: record.receivedAt, client: record.client)
  }
}
