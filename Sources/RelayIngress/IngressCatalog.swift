package import RelayCrypto
package import RelayExpressions
package import RelayModel
package import RelaySignatures
package import RelayStore
package import RelayWorkflow

/// The accepted answer of a hook, where a sender insists on one.
package struct AcceptedAnswer: Sendable, Hashable {
  package var status: Int
  /// Sent in place of the ids.
  package var body: String?
  package var contentType: String?

  package init(status: Int = 202, body: String? = nil, contentType: String? = nil) {
    self.status = status
    self.body = body
    self.contentType = contentType
  }
}

/// A workflow that listens to a hook, with the version that the store gave its document.
package struct WorkflowListener: Sendable {
  package let workflow: Workflow
  package let version: UInt32

  package init(workflow: Workflow, version: UInt32) {
    self.workflow = workflow
    self.version = version
  }

  /// An execution to be made of `event`. Why a lane of it is left out goes to `notes`.
  package func execution(
    _ origin: ExecutionOrigin, on event: EventValue, vars: Value, _ notes: inout [String]
  ) throws(CryptoError) -> NewExecution {
    var execution = NewExecution(
      workflow: workflow.name, version: version, priority: UInt8(clamping: workflow.trigger.priority),
      origin: origin)
    // What an operator asks for begins at once.
    if origin == .live { execution.pacing = try workflow.pacing(for: event, vars: vars, &notes) }
    guard workflow.hasLanes else { return execution }
    let found = try workflow.lanes(for: event, vars: vars)
    execution.lanes = found.lanes
    notes += found.notes
    return execution
  }
}

/// How a hook's provider proves itself, names its deliveries, and checks that the hook is there.
package struct SourceGate: Sendable {
  /// Nil while a provider that hands its secret over in a challenge has not done so: everything but that
  /// challenge is refused.
  package var verifier: Verifier?
  package var delivery: DeliveryRule
  package var handshake: Handshake
  package var keys: HandshakeKeys

  package init(
    verifier: Verifier?, delivery: DeliveryRule, handshake: Handshake, keys: HandshakeKeys
  ) {
    self.verifier = verifier
    self.delivery = delivery
    self.handshake = handshake
    self.keys = keys
  }

  /// POST, and what challenges come with besides.
  var methods: [String] { ["POST"] + handshake.methods }
}

/// A hook as requests find it: they share one reference instead of copying two dozen fields each.
final class ListedHook: Sendable {
  let hook: IngressHook
  let methods: [String]

  init(_ hook: IngressHook) {
    self.hook = hook
    methods = hook.gate.methods
  }

  func answer(to request: SignedRequest, isVerified: Bool) -> HandshakeAnswer? {
    hook.gate.handshake.answer(to: request, hook.gate.keys, isVerified: isVerified)
  }
}

/// One ingress URL, ready to judge requests.
package struct IngressHook: Sendable {
  package var name: String
  /// False: every request is refused as one for a source that is disabled.
  package var enabled = true
  package var gate: SourceGate
  package var bodyLimit = ByteCount.mebibytes(8)
  package var rateLimit: RateLimiter.Limit?
  /// `dedupe.key`; nil takes what the provider's preset names.
  package var dedupeKey: Expression?
  package var dedupeWindow = Duration.seconds(72 * 3600)
  package var answer = AcceptedAnswer()
  /// How long a sender waits for what a workflow answers; nil answers at once.
  package var respondTimeout: Duration?
  /// What the provider calls, where it is not the public URL and the path.
  package var url: String?
  package var listeners: [WorkflowListener] = []

  package init(name: String, gate: SourceGate) {
    self.name = name
    self.gate = gate
  }
}

/// Hooks and workflows of one generation: a request is judged, matched and committed on one of these,
/// whatever a reload does meanwhile.
package final class IngressCatalog: Sendable {
  package let hooks: [String: IngressHook]
  private let listed: [String: ListedHook]
  /// `vars` of expressions: a map.
  package let vars: Value
  /// What providers call, without a slash at its end; nil where the request's own Host says it.
  package let publicURL: String?
  package let trustedProxies: [CIDR]
  /// Whether the listener itself speaks TLS.
  package let usesTLS: Bool

  package init(
    hooks: [IngressHook], vars: Value, publicURL: String?, trustedProxies: [CIDR], usesTLS: Bool
  ) {
    self.hooks = Dictionary(hooks.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    listed = self.hooks.mapValues(ListedHook.init)
    self.vars = vars
    self.publicURL = publicURL
    self.trustedProxies = trustedProxies
    self.usesTLS = usesTLS
  }

  /// The hook that requests of this name are for.
  func hook(named name: Substring) -> ListedHook? { listed[String(name)] }

  /// The request as its sender signed it: under the URL that the sender called.
  package func signedRequest(_ request: IncomingRequest, for hook: IngressHook) -> SignedRequest {
    let base: SignedRequest.Base
    var target = request.target
    if let url = hook.url {
      base = .url(url)
      target = request.query.map { "?\($0)" } ?? ""
    } else {
      base = publicURL.map { .url($0) } ?? .host(scheme: requestedScheme(request))
    }
    return SignedRequest(
      method: request.method, base: base, target: target, headers: request.headers, body: request.body)
  }

  private func requestedScheme(_ request: IncomingRequest) -> String {
    let trusted = ClientAddress(trusted: trustedProxies).isTrusted(request.client)
    let forwarded = trusted ? request.headers.first("X-Forwarded-Proto") : nil
    return (forwarded ?? (usesTLS ? "https" : "http")) == "https" ? "https" : "http"
  }
}
