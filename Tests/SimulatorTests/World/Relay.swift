import RelayEngine
import RelayHTTP
import RelayModel
import RelaySandbox
import RelayStore

/// One life of the process: the real store and the real engine, both driven by hand.
struct Relay {
  let store: Store
  let core: EngineCore

  /// Opens the store that the life before left, and starts the engine on it: its recovery waits for the
  /// first commit.
  init(
    _ configuration: StoreConfiguration, _ engine: EngineConfiguration, _ transport: any Transport,
    _ time: VirtualTime, _ random: SeededRandom
  ) throws(StoreError) {
    store = try Store.open(configuration, time: time, random: random)
    core = EngineCore(
      configuration: engine, store: store, transport: transport, scripts: NoScripts(), time: time,
      random: random,
      secrets: NoSecrets(), log: SilentLog())
    store.onCommit(EngineCore.sink(core.inbox))
  }
}

/// The workflows of the simulator sign nothing.
private struct NoSecrets: SecretSource {
  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    throw SecretError(reference, "it is not set")
  }
}

/// No document of the simulator has a script.
private struct NoScripts: ScriptRunner {
  func start(_ script: Script, completion: @escaping Completion) -> ScriptToken {
    completion(.failure(ScriptFailure(.failed, "no scripts here")))
    return ScriptToken(number: 0)
  }

  func cancel(_ token: ScriptToken) {}
}
