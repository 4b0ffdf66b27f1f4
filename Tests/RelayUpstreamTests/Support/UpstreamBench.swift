import Glibc
import RelayHTTP
import RelayModel
import RelayStore
import RelayUpstream
import Synchronization
import Testing

/// The sender's core on a real store that commits by hand, before a model of central and a virtual clock.
final class UpstreamBench {
  let clock = ModelClock()
  let central: CentralModel
  let random: ModelRandom
  private(set) var store: Store
  private(set) var core: UpstreamCore
  private(set) var configuration: StoreConfiguration
  private var inbox: Inbox
  let folder: String

  final class Inbox: Sendable {
    let inputs = Mutex<[UpstreamCore.Input]>([])
    func put(_ input: UpstreamCore.Input) { inputs.withLock { $0.append(input) } }
    func take() -> [UpstreamCore.Input] {
      inputs.withLock { inputs in
        defer { inputs = [] }
        return inputs
      }
    }
  }

  init(
    seed: UInt64 = 1, payloads: StoreConfiguration.Payloads = .none, _ central: CentralModel = CentralModel()
  ) throws {
    self.central = central
    random = ModelRandom(seed)
    folder = try Self.makeFolder()
    configuration = StoreConfiguration(
      directory: folder, maxSize: .mebibytes(256), growth: ByteCount(0), durability: .none,
      committer: .manual, summarizes: true)
    configuration.payloads = payloads
    inbox = Inbox()
    store = try Store.open(configuration, time: clock, random: random)
    core = Self.core(store, central, clock, random, inbox)
  }

  deinit {
    store.drainAndClose()
    for name in ["data.mdb", "lock.mdb", "petrel.lock", "old.mdb"] { _ = unsafe unlink("\(folder)/\(name)") }
    _ = unsafe rmdir(folder)
  }

  private static func core(
    _ store: Store, _ central: CentralModel, _ clock: ModelClock, _ random: ModelRandom, _ inbox: Inbox
  ) -> UpstreamCore {
    store.onCommit { notices in
      if notices.contains(where: { if case .outbox = $0 { true } else { false } }) { inbox.put(.outbox) }
    }
    return UpstreamCore(
      configuration: UpstreamConfiguration(
        url: "https://central.example.com", edge: "shop-1", token: { .success("a-token") }),
      store: store, transport: central, time: clock, random: random, log: SilentLog(),
      deliver: { inbox.put($0) })
  }

  // MARK: What happens

  /// An event comes and its execution ends; the end's id. What is not committed is not there.
  @discardableResult
  func end(
    _ status: ExecutionStatus = .succeeded, body: String = "{}", version: UInt32 = 1
  ) throws -> String {
    let record = EventRecord(
      hook: "github", type: "push", method: "POST", target: "/hooks/github?secret=1",
      headers: HeaderFields([("Authorization", "hidden")]), client: "192.0.2.1", receivedAt: clock.now())
    let answer = try store.perform(
      Enqueue(
        event: NewEvent(record: record, body: Array(body.utf8)),
        executions: [NewExecution(workflow: "flow", version: version)], mark: nil, now: clock.now()))
    clock.pass(.milliseconds(40))
    try end(answer.executions[0], status)
    return "\(store.tag.id(.execution, answer.executions[0])):1"
  }

  /// The execution ends, as the engine would record it.
  func end(_ key: RecordKey, _ status: ExecutionStatus) throws {
    let failure =
      status == .failed
      ? Failure(step: "send", code: "http_status", message: "a text", status: 500, attempts: 3) : nil
    let started = clock.now() + .milliseconds(-30)
    let entry = JournalEntry(
      path: .start, name: "send", status: failure == nil ? .succeeded : .failed, startedAt: started,
      finishedAt: clock.now(), attempts: 3,
      last: AttemptRecord(number: 3, at: started, durationMs: 12, status: failure == nil ? 200 : 500),
      failure: failure)
    let revision = try store.read { try $0.execution(key) }?.revision ?? 0
    let answer = try store.perform(
      Advance(
        execution: key, revision: revision, journal: [entry],
        next: .end(status, failure: failure, resumeAt: failure == nil ? nil : .start, summary: nil),
        at: clock.now()))
    #expect(answer == .recorded)
    store.permits.giveBack()
  }

  /// Everything that can happen without time passing, once round.
  func turn() {
    for input in inbox.take() { core.receive(input) }
    core.run()
    store.pump()
  }

  /// Runs, commits and answers until nothing follows.
  func settle() {
    for _ in 0..<10_000 {
      turn()
      let isDue = core.deadline.map { $0 <= clock.elapsed() } ?? false
      guard central.answer() || isDue || !inbox.inputs.withLock(\.isEmpty) else { return }
    }
    Issue.record("the sender spins")
  }

  func pass(_ span: Duration) {
    clock.pass(span)
    settle()
  }

  /// Lets time pass until everything is acknowledged: the time that took; nil after a week.
  func drain() -> Duration? {
    let start = clock.elapsed()
    settle()
    while let deadline = core.deadline, clock.elapsed() - start < .seconds(7 * 86_400) {
      clock.pass(max(deadline - clock.elapsed(), .milliseconds(1)))
      settle()
    }
    return core.status.pending == 0 ? clock.elapsed() - start : nil
  }

  // MARK: What goes wrong

  /// The process dies at the next commit, and starts again.
  func crash(_ fate: CommitFate) throws {
    store.pump(fate)
    central.hangUp()
    try open()
  }

  func stop() {
    store.drainAndClose()
    central.hangUp()
  }

  func open() throws {
    inbox = Inbox()
    store = try Store.open(configuration, time: clock, random: random)
    core = Self.core(store, central, clock, random, inbox)
  }

  /// Keeps the file as it is now; `restoreFile` brings it back.
  func keepFile() throws { try copy("data.mdb", "old.mdb") }
  func restoreFile() throws { try copy("old.mdb", "data.mdb") }

  private func copy(_ from: String, _ to: String) throws {
    stop()
    try #require(unsafe system("cp '\(folder)/\(from)' '\(folder)/\(to)'") == 0)
    try open()
  }

  private static func makeFolder() throws -> String {
    let base = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/petrel-upstream-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&template) != nil)
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
