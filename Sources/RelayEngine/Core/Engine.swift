package import RelayHTTP
package import RelayModel
package import RelaySandbox
package import RelayStore
internal import RelayThreads
internal import Synchronization

/// The engine in production: a thread around `EngineCore`, which sleeps until something comes or is due.
package final class Engine: Sendable {
  /// What the core needs, handed to its thread.
  private struct Parts: Sendable {
    var configuration: EngineConfiguration
    var store: Store
    var transport: any Transport
    var scripts: any ScriptRunner
    var time: any TimeSource
    var random: any RandomSource
    var secrets: any SecretSource
    var log: any Log
  }

  package let metrics = EngineMetrics()
  private let parts: Parts
  private let inbox = Inbox<EngineInput>()
  private let thread = Mutex<NamedThread?>(nil)

  /// Listens to the store's commits: before its first transition.
  package init(
    configuration: EngineConfiguration, store: Store, transport: any Transport,
    scripts: any ScriptRunner, time: any TimeSource, random: any RandomSource, secrets: any SecretSource,
    log: any Log
  ) {
    parts = Parts(
      configuration: configuration, store: store, transport: transport, scripts: scripts, time: time,
      random: random,
      secrets: secrets, log: log)
    store.onCommit(EngineCore.sink(inbox))
    transport.afterEachBatch { [inbox] in inbox.wake() }
  }

  /// Starts the thread, and returns once what was under way at the last death is handed to the store.
  /// Once, before anything is accepted. Throws where the store cannot be read: a reason not to start.
  package func start() throws(StoreError) {
    let started = Inbox<Result<Void, StoreError>>()
    thread.withLock {
      $0 = NamedThread("petrel-engine") { [parts, inbox, metrics] in
        Self.run(parts, inbox, metrics, started)
      }
    }
    var answers = started.wait(atMost: nil)
    while answers.isEmpty { answers = started.wait(atMost: nil) }
    try answers[0].get()
  }

  /// Takes new limits over; what is under way keeps its slot.
  package func configure(_ configuration: EngineConfiguration) { inbox.put(.configure(configuration)) }

  /// Any thread: has the engine's call `answer` at its next turn; never, once it has ended.
  package func probe(_ answer: @escaping @Sendable () -> Void) { inbox.put(.probe(answer)) }

  /// Begins nothing more, lets what runs end, puts down what still runs after `patience`, and returns
  /// when all of it is on record. Once, while store and transport still run.
  package func drain(patience: Duration) {
    inbox.put(.drain(patience: patience))
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
  }

  private static func run(
    _ parts: Parts, _ inbox: Inbox<EngineInput>, _ metrics: EngineMetrics,
    _ started: Inbox<Result<Void, StoreError>>
  ) {
    let core = EngineCore(
      configuration: parts.configuration, store: parts.store, transport: parts.transport,
      scripts: parts.scripts,
      time: parts.time,
      random: parts.random, secrets: parts.secrets, log: parts.log, inbox: inbox, metrics: metrics)
    do throws(StoreError) {
      try core.start()
      started.put(.success(()))
    } catch {
      return started.put(.failure(error))
    }
    while !core.isDrained {
      let patience = core.nextDeadline.map { $0 - parts.time.elapsed() }
      core.run(inbox.wait(atMost: patience))
    }
  }
}
