import RelayCrypto
import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import RelayThreads
import Testing

/// The engine's thread beside the store's: that everything reaches it, and that it ends.
@Suite struct EngineTests {
  private let sample =
    #"{"name":"sample","on":{"hook":"inbox"},"retry":{"initial":"1ms"},"steps":[{"id":"a","http":{"url":"https://x.example/"}},{"id":"b","wait":"1ms"},{"id":"c","http":{"url":"https://x.example/"}}]}"#

  @Test func `events that are accepted run to their end, through retries and waits`() throws {
    let transport = ImmediateTransport()
    transport.statuses = [500, 200, 503]
    let scene = try EngineScene(transport)
    try scene.engine.start()
    let version = try scene.register(sample)
    for _ in 0..<20 { try scene.accept(version) }
    #expect(scene.awaitEnds(20) == 20)
    #expect(transport.sent.count == 42)
    scene.engine.drain(patience: .seconds(30))
    #expect(scene.store.permits.available == 8)
    #expect(scene.engine.metrics.current.succeeded == 40)
    #expect(scene.engine.metrics.current.failed == 2)
    #expect(scene.engine.metrics.current.ends["sample"]?.succeeded == 20)
    #expect(scene.engine.metrics.current.durations.count == 42)
  }

  @Test func `a drain puts down what hangs, and returns`() throws {
    let transport = ScriptedTransport()
    let scene = try EngineScene(transport)
    try scene.engine.start()
    try scene.accept(try scene.register(sample))
    scene.engine.drain(patience: .milliseconds(20))
    let running = try scene.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(running.executions[.running] ?? 0 == 0)
    #expect(running.executions[.waiting] == 1)
  }

  @Test func `a probe is answered at the engine's next turn, and never once it has ended`() throws {
    let scene = try EngineScene(ImmediateTransport())
    try scene.engine.start()
    let answers = Inbox<Int>()
    scene.engine.probe { answers.put(1) }
    #expect(answers.wait(atMost: .seconds(30)) == [1])
    scene.engine.drain(patience: .zero)
    scene.engine.probe { answers.put(2) }
    #expect(answers.take().isEmpty)
  }

  @Test func `an engine whose store is closed does not start`() throws {
    let scene = try EngineScene(ImmediateTransport())
    scene.store.drainAndClose()
    #expect(throws: StoreError.closing) { try scene.engine.start() }
    scene.isClosed = true
  }
}

/// An engine on a store with its own thread.
private final class EngineScene {
  let store: Store
  let engine: Engine
  var isClosed = false
  private let ends = Inbox<RecordKey>()
  private let directory: String

  init(_ transport: any Transport) throws {
    directory = try EngineBench.temporaryDirectory()
    var configuration = StoreConfiguration(directory: directory)
    configuration.maxSize = .mebibytes(64)
    configuration.growth = ByteCount(0)
    configuration.durability = .none
    configuration.executions = 8
    store = try Store.open(configuration, time: MachineTime(), random: FixedRandom(unit: 0.25))
    engine = Engine(
      configuration: EngineConfiguration(executions: 8), store: store, transport: transport,
      scripts: ScriptedScripts(), time: MachineTime(),
      random: FixedRandom(unit: 0.5), secrets: FixedSecrets(), log: SilentLog())
    store.onCommit { [ends] notices in
      for case .ended(let key, _) in notices { ends.put(key) }
    }
  }

  deinit {
    if !isClosed { store.drainAndClose() }
    EngineBench.remove(directory)
  }

  func register(_ document: String) throws -> UInt32 {
    let bytes = Array(document.utf8)
    return try store.perform(
      RegisterVersion(
        name: "sample", document: bytes, hash: try DigestAlgorithm.sha256.digest(bytes),
        vars: Array("{}".utf8)))
  }

  func accept(_ version: UInt32) throws {
    let record = EventRecord(
      hook: "inbox", method: "POST", target: "/", headers: HeaderFields(), client: "",
      receivedAt: MachineTime().now())
    _ = try store.perform(
      Enqueue(
        event: NewEvent(record: record, body: []),
        executions: [NewExecution(workflow: "sample", version: version)], mark: nil, now: MachineTime().now())
    )
  }

  /// How many executions ended, once `count` have or half a minute is over.
  func awaitEnds(_ count: Int) -> Int {
    var seen = 0
    while seen < count {
      let more = ends.wait(atMost: .seconds(30))
      if more.isEmpty { break }
      seen += more.count
    }
    return seen
  }
}
