internal import CLinux
internal import Glibc
internal import RelayAdmin
internal import RelayDocuments
internal import RelayEngine
internal import RelayHTTP
internal import RelayIngress
package import RelayModel
internal import RelaySandbox
internal import RelayStore
internal import RelayThreads
internal import RelayUpstream
internal import Synchronization

/// Why the relay does not start. The message says what to mend; `exit` is the command's status.
package struct StartError: Error, Sendable {
  package enum Exit: Int32, Sendable {
    case configuration = 78
    case busy = 75
    case io = 74
    case unavailable = 69
  }

  package let exit: Exit
  package let messages: [String]

  init(_ exit: Exit, _ messages: [String]) {
    self.exit = exit
    self.messages = messages
  }

  init(_ error: GenerationError) {
    if case .store(let error) = error {
      self.init(error)
    } else {
      self.init(.configuration, error.messages)
    }
  }

  init(_ error: StoreError) {
    switch error {
    case .busy: self.init(.busy, [error.message])
    case .newerFormat, .unusable: self.init(.configuration, [error.message])
    default: self.init(.io, [error.message])
    }
  }
}

/// The running relay: store, client, engine, upstream, ingress and admin interface, wired to each other
/// through the store alone.
///
/// Started by one thread, which then calls `run`. Every part is stopped in the order in which nothing is
/// asked of one that has ended: listeners, engine, upstream, client, store.
package final class Relay: Sendable {
  let loader: GenerationLoader
  let store: Store
  let keptSecrets: Vault
  let secrets: OperatorSecrets
  let approvals: ApprovalTokens
  let client: HTTPClient
  let engine: Engine
  let sandbox: Sandbox
  let upstream: Upstream?
  let exporter: SpanExporter?
  let tracing: Tracing
  let ingress: Ingress
  let maintenance: Maintenance
  let time: any TimeSource
  let log: any Log
  let surroundings: Surroundings
  private let sockets: InheritedSockets
  private let control: ControlThread
  private let hookServer: HTTPServer
  /// What a start can only know late, and a reload changes.
  let state: Mutex<State>
  private let adminParts: Mutex<AdminParts?> = Mutex(nil)

  struct State: Sendable {
    var generation: Generation
    var number: UInt64 = 1
    var reloadErrors: [String] = []
    var startedAt: Timestamp
    var listen = ""
    var adminListen = ""
    var isDraining = false
    /// Nil while everything is well: why the process has to end.
    var failure: String?
  }

  private struct AdminParts: Sendable {
    let interface: AdminInterface
    let tcp: HTTPServer
    let socket: HTTPServer
  }

  /// Opens and starts everything. When it returns, hooks are served and every listener is bound.
  ///
  /// Call `ControlThread.blockSignals` before, so that no thread is interrupted.
  ///
  /// - Parameter sockets: what is listened on already; the rest is bound by the configuration.
  package static func start(
    configuration path: String, environment: [String: String], sockets: InheritedSockets = InheritedSockets(),
    log: any Log
  ) throws(StartError) -> Relay {
    let loader = GenerationLoader(path: path, environment: sockets.overriding(environment))
    do throws(GenerationError) {
      let loaded = try loader.configuration()
      let relay = try Relay(loader, loaded, sockets, SystemTime(), SystemRandom(), log)
      try relay.open()
      return relay
    } catch {
      throw StartError(error)
    }
  }

  private init(
    _ loader: GenerationLoader, _ loaded: LoadedConfiguration, _ sockets: InheritedSockets,
    _ time: any TimeSource, _ random: any RandomSource, _ log: any Log
  ) throws(GenerationError) {
    var configuration = loaded.configuration
    configuration.limits.connections = Descriptors.raise(
      for: configuration.limits.connections, executions: configuration.limits.executions, log)
    do {
      let judge = EventJudge()
      var opening = StoreConfiguration(configuration)
      opening.judge = { kind, record, body in judge.answer(kind, of: record, body: body) }
      let store = try Store.open(opening, time: time, random: random)
      self.store = store
      keptSecrets = Vault(store: store, keyFile: configuration.keyFile, time: time)
      secrets = OperatorSecrets(environment: loader.environment, vault: keptSecrets)
      approvals = ApprovalTokens(vault: keptSecrets, tag: store.tag)
      client = try HTTPClient(ClientConfiguration(configuration), time: time)
      let generation = try loader.load(
        LoadedConfiguration(configuration: configuration, warnings: loaded.warnings), secrets: secrets,
        store: store)
      if generation.asks { try approvals.prepare() }
      let exporter = configuration.traces.map { [secrets, client] traces in
        SpanExporter(
          traces, instance: store.tag.text, transport: client, secrets: secrets, time: time, log: log)
      }
      self.exporter = exporter
      tracing = Tracing(sink: exporter, tag: store.tag, ratio: configuration.traces?.ratio ?? 1)
      sandbox = Sandbox()
      engine = Engine(
        configuration: EngineConfiguration(generation, approvals, tracing), store: store, transport: client,
        scripts: sandbox, time: time, random: random, secrets: secrets, log: log)
      upstream = configuration.upstream.map { [secrets, client] upstream in
        Upstream(
          configuration: UpstreamConfiguration(upstream, secrets), store: store, transport: client,
          time: time, random: random, log: log)
      }
      let surroundings = Surroundings(log: log)
      self.surroundings = surroundings
      ingress = Ingress(
        catalog: generation.catalog, store: store, limiter: RateLimiter(time: time), judge: judge,
        approvals: ApprovalDesk(store: store, tokens: approvals, time: time), tracing: tracing, time: time,
        log: log,
        surroundings: surroundings)
      hookServer = HTTPServer(
        try ServerConfiguration(hooks: configuration, on: sockets.hooks), responder: ingress, time: time)
      maintenance = Maintenance(
        store: store, retention: Retention(configuration), time: time, log: log)
      control = try ControlThread()
      state = Mutex(State(generation: generation, startedAt: time.now()))
    } catch let error as GenerationError {
      throw error
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .invalid([Diagnostic(file: loader.path, line: 1, column: 1, message: "\(error)")])
    }
    self.loader = loader
    self.sockets = sockets
    self.time = time
    self.log = log
  }

  private func open() throws(GenerationError) {
    let configuration = state.withLock { $0.generation.configuration }
    surroundings.relay.withLock { $0 = WeakRelay(self) }
    store.onFailure { [weak self] in self?.fail($0) }
    do {
      try engine.start()
      let interface = try AdminInterface(
        store: store, control: self, guest: ingress, time: time, log: log)
      let hosts = HostList(
        listen: [configuration.admin.listen.host], extra: configuration.admin.hosts)
      let tcp = HTTPServer(
        try ServerConfiguration(admin: configuration, on: sockets.admin),
        responder: interface.responder(
          AdminAccess(configuration.admin.authentication, hosts)), time: time)
      let socket = HTTPServer(
        ServerConfiguration(socket: configuration),
        responder: interface.responder(
          AdminAccess(authentication: .peer(userID: getuid()), hosts: hosts)), time: time)
      adminParts.withLock { $0 = AdminParts(interface: interface, tcp: tcp, socket: socket) }
      let admin = try tcp.start()
      _ = try socket.start()
      let hooks = try hookServer.start()
      state.withLock {
        $0.listen = hooks.description
        $0.adminListen = admin.description
      }
      try watch(configuration)
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .invalid([Diagnostic(file: loader.path, line: 1, column: 1, message: "\(error)")])
    }
  }

  private func watch(_ configuration: Configuration) throws {
    let folder = configuration.file.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    try control.watchFolder(folder.isEmpty ? "/" : folder)
    if LocalFile.exists(configuration.workflows) { try control.watchFolder(configuration.workflows) }
  }

  /// Serves until SIGTERM or SIGINT, then drains. Answers the exit status: 0, or 74 after a failure of
  /// the store.
  package func run() -> Int32 {
    let upkeep = NamedThread("maintenance") { [maintenance] in maintenance.run() }
    let sender = upstream.map { upstream in Companion("upstream") { upstream.run() } }
    let exporting = exporter.map { exporter in Companion("traces") { exporter.run() } }
    let patience = state.withLock { $0.generation.configuration.drain }
    StartPages.giveBack()
    let supervision = Supervision(of: self, environment: loader.environment)
    let supervisor = supervision.map { supervision in Companion("supervision") { supervision.run() } }
    control.run { request in
      switch request {
      case .reload: reload(under: supervision)
      case .terminate:
        if state.withLock({ $0.isDraining }) { exit(130) }
        control.stop()
      }
    }
    supervision?.stopping(patience)
    drain(patience, sender)
    exporter?.stop(within: .seconds(2))
    exporting?.join()
    maintenance.stop()
    upkeep.join()
    client.stop()
    adminParts.withLock { $0 }?.interface.stop()
    supervision?.stop()
    supervisor?.join()
    store.drainAndClose()
    return state.withLock { $0.failure } == nil ? 0 : StartError.Exit.io.rawValue
  }

  /// Any thread: ends `run`, because the store can take nothing more.
  func fail(_ why: String) {
    let isFirst = state.withLock { state in
      defer { state.failure = state.failure ?? why }
      return state.failure == nil
    }
    guard isFirst else { return }
    log.error("the store has failed: the relay stops", .text("why", why))
    control.stop()
  }

  private func drain(_ patience: Duration, _ sender: consuming Companion?) {
    state.withLock { $0.isDraining = true }
    log.info("draining", .number("patience_ms", patience.wholeMilliseconds))
    let end = time.elapsed() + patience
    ingress.beginDraining()
    _ = hookServer.drain(within: patience)
    hookServer.stop()
    engine.drain(patience: max(.zero, end - time.elapsed()))
    sandbox.stop()
    upstream?.stop(within: max(.zero, end - time.elapsed()))
    sender?.join()
    if let admin = adminParts.withLock({ $0 }) {
      for server in [admin.tcp, admin.socket] {
        _ = server.drain(within: .seconds(1))
        server.stop()
      }
    }
    log.info("drained")
  }
}

/// The thread of a part that a relay may do without.
private struct Companion: ~Copyable {
  private let thread: NamedThread

  init(_ name: String, _ body: @escaping @Sendable () -> Void) { thread = NamedThread(name, body: body) }

  consuming func join() { thread.join() }
}
