internal import RelayDocuments
internal import RelayModel

/// The keys of the configuration.
enum ConfigurationKeys {
  static let data = Setting(
    "data", .path, default: "./data", "The folder of the store, the key file and the control socket.")
  static let listen = Key(
    "listen", .either(AddressForm(), or: ListenerKeys.shape),
    "Where hooks are served; 127.0.0.1:8080 where it is left out.")
  static let publicURL = Key(
    "public_url", .baseURL, "What providers call: signed URLs are this plus path and query.")
  static let trustedProxies = Key(
    "trusted_proxies", .list(of: RangeForm()), "Whose X-Forwarded-For is believed, right to left.")
  static let admin = Key("admin", AdminKeys.shape, "API, dashboard and metrics.")
  static let workflows = Setting("workflows", .path, default: "./workflows", "The folder of *.json.")
  static let integrations = Setting(
    "integrations", .path, default: "./integrations", "The folder of manifests beside the built-in ones.")
  static let vars = Key(
    "vars", .members(of: .anything, named: identifier.pattern),
    "Names for expressions; pinned in each execution.")
  static let limits = Key("limits", LimitKeys.shape, "What bounds the hooks, and how much runs at once.")
  static let store = Key("store", StoreKeys.shape, "The data file.")
  static let retention = Key(
    "retention", RetentionKeys.shape, "How long ended executions and their events are kept.")
  static let egress = Key("egress", EgressKeys.shape, "What executions may call, and how hard.")
  static let drain = Setting(
    "drain", .duration(in: .zero ... .seconds(3600)), default: .seconds(30),
    "How long a stop waits for what is under way.")
  static let hooks = Key(
    "hooks", .members(of: HookKeys.shape, named: HookKeys.name.pattern), "The hooks, by name.")
  static let traces = Key("traces", TraceKeys.shape, "A collector of OpenTelemetry spans.")
  static let upstream = Key("upstream", UpstreamKeys.shape, "The central server that learns of every end.")

  static let shape = Shape([
    data, listen, publicURL, trustedProxies, admin, workflows, integrations, vars, limits, store, retention,
    egress, drain, hooks, traces, upstream,
  ])

  /// What can be written in an expression.
  static let identifier = WordForm(
    first: "A-Za-z_", rest: "A-Za-z0-9_", longest: nil,
    "cannot be written in an expression; use letters, digits and _")
}

/// The keys of a listener, where it is written as a mapping.
enum ListenerKeys {
  static let address = Key("address", AddressForm(), required: true, "An address and a port.")
  static let tls = Key("tls", TLSKeys.shape, "TLS; none where it is left out.")

  static let shape = Shape(named: "listener", [address, tls])
}

/// The keys of `tls`.
enum TLSKeys {
  static let certificate = Key("certificate", .path, required: true, "The chain, in PEM form.")
  static let key = Key("key", .path, required: true, "The private key, in PEM form.")

  static let shape = Shape([certificate, key])
}

/// The keys of `admin`.
enum AdminKeys {
  static let listen = Key(
    "listen", .either(AddressForm(), or: ListenerKeys.shape),
    "Where it is served; 127.0.0.1:8081 where it is left out.")
  static let authentication = Setting(
    "auth", .choice(of: Configuration.AdminInterface.Authentication.self), default: .token,
    "none only while both listeners are loopback.")
  static let hosts = Key("hosts", .list(of: .text), "Further names by which it is called.")

  static let shape = Shape([listen, authentication, hosts])
}

/// The keys of `limits`.
enum LimitKeys {
  private static let standard = Configuration.Limits()

  static let body = Setting(
    "body", .size(in: ByteCount(1)...ByteCount.gibibytes(2)), default: standard.body,
    "A request's body, where its hook sets no limit.")
  static let inflight = Setting(
    "inflight", .size(in: ByteCount(1)...ByteCount.gibibytes(64)), default: standard.inflight,
    "All bodies in memory; beyond it 503.")
  static let headers = Setting(
    "headers", .size(in: ByteCount.kibibytes(1)...ByteCount.mebibytes(1)), default: standard.headers,
    "Request line and fields; beyond it 431.")
  static let connections = Setting(
    "connections", .integer(in: 1...1_000_000), default: standard.connections,
    "Lowered with a warning where descriptors are too few.")
  static let requestTimeout = Setting(
    "request_timeout", .duration(in: .milliseconds(100) ... .seconds(3600)), default: standard.requestTimeout,
    "From a request's first byte to its last; then 408.")
  static let executions = Setting(
    "executions", .integer(in: 1...100_000), default: standard.executions, "How many run at once.")

  static let shape = Shape([body, inflight, headers, connections, requestTimeout, executions])
}

/// The keys of `store`.
enum StoreKeys {
  static let maxSize = Setting(
    "max_size", .size(in: ByteCount.mebibytes(16)...ByteCount.gibibytes(64 << 10)),
    default: ByteCount.gibibytes(16), "The data file never passes it.")

  static let shape = Shape([maxSize])
}

/// The keys of `retention`.
enum RetentionKeys {
  private static let standard = Configuration.Retention()

  static let succeeded = Setting(
    "succeeded", .duration(), default: standard.succeeded, "Those that succeeded.")
  static let failed = Setting(
    "failed", .duration(), default: standard.failed, "Those that failed or were cancelled.")

  static let shape = Shape([succeeded, failed])
}

/// The keys of `upstream`.
enum UpstreamKeys {
  static let url = Key("url", .baseURL, required: true, "Where summaries are sent.")
  static let token = Key("token", SecretsForm(takesList: false), required: true, "The bearer token.")
  /// It stands in a URL and in CloudEvents' `source`.
  static let edge = Key(
    "edge",
    WordForm(
      first: "a-z0-9", rest: "a-z0-9_-", "must be a name such as shop-berlin-1: [a-z0-9][a-z0-9_-]{0,63}"),
    required: true, "This relay's name there.")
  static let payloads = Setting(
    "payloads", .choice(of: Configuration.Upstream.Payloads.self), default: .none,
    "Of which executions more than the figures is sent.")

  static let shape = Shape([url, token, edge, payloads])
}
