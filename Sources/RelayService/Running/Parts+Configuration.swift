internal import RelayAdmin
internal import RelayEngine
internal import RelayHTTP
internal import RelayIngress
internal import RelayModel
internal import RelayStore
internal import RelayUpstream
internal import RelayWorkflow

// What each part is told of the configuration.

extension StoreConfiguration {
  init(_ configuration: Configuration) {
    self.init(
      directory: configuration.data, maxSize: configuration.storeLimit,
      executions: configuration.limits.executions, summarizes: configuration.upstream != nil)
    payloads = configuration.upstream?.payloads.stored ?? .none
  }
}

extension Configuration.Upstream.Payloads {
  /// The same, as the store is told.
  var stored: StoreConfiguration.Payloads {
    switch self {
    case .none: .none
    case .failed: .failed
    case .all: .all
    }
  }
}

extension ClientConfiguration {
  init(_ configuration: Configuration) throws(TransferError) {
    let egress = configuration.egress
    var proxy: EgressProxy?
    if let url = egress.proxy { proxy = try EgressProxy(url) }
    self.init(policy: egress.policy, proxy: proxy)
    keptConnections = max(64, configuration.limits.executions)
  }
}

extension Configuration {
  /// The whole link of an approval's token: under what the world calls the relay by.
  func approvalLink(_ token: String?) -> String? {
    token.map {
      "\(publicURL ?? "\(listen.tls == nil ? "http" : "https")://\(listen.address)")/approvals/\($0)"
    }
  }
}

extension EngineConfiguration {
  init(_ generation: Generation, _ approvals: ApprovalTokens, _ tracing: Tracing) {
    let configuration = generation.configuration
    self.init(configuration)
    self.tracing = tracing
    workflows = generation.workflows.mapValues { listener in
      RunnableWorkflow(
        version: listener.version, hook: listener.workflow.trigger.hook,
        priority: UInt8(clamping: listener.workflow.trigger.priority))
    }
    approvalLink = { execution, step in configuration.approvalLink(approvals.token(execution, step)) }
  }

  init(_ configuration: Configuration) {
    let egress = configuration.egress
    self.init(
      executions: configuration.limits.executions,
      destinations: DestinationGate.Limits(
        concurrency: egress.hostConcurrency,
        breaker: Breaker.Rule(
          failures: egress.breaker.failures, probe: egress.breaker.probe, max: egress.breaker.max),
        rates: RateRules(egress.rates)))
  }
}

extension UpstreamConfiguration {
  init(_ upstream: Configuration.Upstream, _ secrets: OperatorSecrets) {
    self.init(url: upstream.url, edge: upstream.edge) {
      do throws(SecretError) {
        return .success(String(decoding: try secrets.secret(upstream.token), as: UTF8.self))
      } catch {
        return .failure(UpstreamTokenUnavailable(message: "upstream.token: \(error)"))
      }
    }
  }
}

extension Retention {
  init(_ configuration: Configuration) {
    self.init(
      succeeded: configuration.retention.succeeded, failed: configuration.retention.failed,
      dedupe: configuration.hooks.map(\.dedupe.window).max() ?? .seconds(72 * 3600))
  }
}

extension ServerConfiguration {
  /// The hook interface; on `socket`, where somebody listens on it already.
  init(hooks configuration: Configuration, on socket: InheritedSocket?) throws(LocalFile.Failure) {
    self.init(
      listen: configuration.listen.serverAddress,
      tls: try configuration.listen.identity(), loops: 2,
      limits: ServerLimits(configuration.limits), name: "hooks")
    inherited = socket
  }

  /// The admin interface, in the same way.
  init(admin configuration: Configuration, on socket: InheritedSocket?) throws(LocalFile.Failure) {
    self.init(
      listen: configuration.admin.listen.serverAddress,
      tls: try configuration.admin.listen.identity(),
      limits: .admin, name: "admin")
    inherited = socket
  }

  /// The control socket.
  init(socket configuration: Configuration) {
    self.init(listen: .unix(path: configuration.socket), limits: .admin, name: "socket")
  }
}

extension ServerLimits {
  init(_ limits: Configuration.Limits) {
    self.init()
    headers = limits.headers
    inflight = limits.inflight
    connections = limits.connections
    requestTimeout = limits.requestTimeout
    headTimeout = min(headTimeout, limits.requestTimeout)
  }

  /// People and their tools: few, and slower than a webhook's sender.
  static var admin: ServerLimits {
    var limits = ServerLimits()
    limits.connections = 256
    limits.perAddressConnections = 256
    limits.requestTimeout = .seconds(30)
    return limits
  }
}

extension Listener {
  var serverAddress: ListenAddress { .tcp(host: host, port: port) }

  func identity() throws(LocalFile.Failure) -> TLSIdentity? {
    guard let tls else { return nil }
    return TLSIdentity(
      certificatePEM: String(decoding: try LocalFile.read(tls.certificate, limit: 1 << 20), as: UTF8.self),
      keyPEM: String(decoding: try LocalFile.read(tls.key, limit: 1 << 20), as: UTF8.self))
  }
}

extension AdminAccess {
  init(_ authentication: Configuration.AdminInterface.Authentication, _ hosts: HostList) {
    self.init(authentication: authentication == .token ? .token : .none, hosts: hosts)
  }
}
