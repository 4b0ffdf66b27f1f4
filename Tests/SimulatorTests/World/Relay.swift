import RelayEngine
import RelayHTTP
import RelayModel
import RelaySandbox
import RelayStore

/// One life of the process: the real store and the real engine, both driven by hand.
struct Relay {
  let store: Store
  let core: EngineCore
}

/// What one life of the process leaves to the next.
struct Machine {
  private let scenario: Scenario
  private let time: VirtualTime
  private let destinations: Destinations
  private let scripts: Scripts
  private let oracle: Oracle
  private let sabotage: Sabotage?
  let folder = ScratchFolder()
  let random: SeededRandom
  /// For a planted fault: what the engine was told.
  let heard = HeardNotices()

  init(
    _ scenario: Scenario, _ time: VirtualTime, _ destinations: Destinations, _ scripts: Scripts,
    _ oracle: Oracle, _ sabotage: Sabotage?
  ) {
    self.scenario = scenario
    self.time = time
    self.destinations = destinations
    self.scripts = scripts
    self.oracle = oracle
    self.sabotage = sabotage
    random = SeededRandom(scenario.seed, stream: "relay")
  }

  /// Opens the store that the life before left, and starts the engine on it: its recovery waits for the
  /// first commit.
  func boot() throws(StoreError) -> Relay {
    let configuration = StoreConfiguration(
      directory: folder.path, maxSize: .mebibytes(64), growth: ByteCount(0), durability: .none,
      committer: .manual, executions: scenario.executions, summarizes: true)
    let store = try Store.open(configuration, time: time, random: random)
    let core = EngineCore(
      configuration: EngineConfiguration(
        executions: scenario.executions, destinations: World.sabotaged(scenario.limits, sabotage)),
      store: store, transport: destinations, scripts: scripts, time: time, random: random,
      secrets: NoSecrets(), log: SilentLog())
    store.onCommit(EngineCore.sink(core.inbox))
    if sabotage == .replaysNotices { store.onCommit { [heard] in heard.put($0) } }
    if sabotage != .losesAnswers { store.onCommit { [oracle] in oracle.heard($0) } }
    return Relay(store: store, core: core)
  }
}

/// The workflows of the simulator sign nothing.
private struct NoSecrets: SecretSource {
  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    throw SecretError(reference, "it is not set")
  }
}
