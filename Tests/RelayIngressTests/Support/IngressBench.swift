import Glibc
import RelayCrypto
import RelayDocuments
import RelayExpressions
import RelayHTTP
import RelayIngress
import RelayModel
import RelaySignatures
import RelayStore
import RelayWorkflow
import Synchronization
import Testing

/// The hook interface on a real store that commits by hand, without a server.
final class IngressBench {
  static let secret = "a-secret-of-sixteen-or-more-bytes"

  let time = ManualTime()
  let surroundings = FakeSurroundings()
  let store: Store
  let ingress: Ingress
  private let folder: String

  init(
    hooks: [IngressHook], maxSize: ByteCount = .mebibytes(64), vars: Value = .map(ValueMap())
  ) throws {
    var template = Array("/tmp/petrel-ingress-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    store = try Store.open(
      StoreConfiguration(
        directory: folder, maxSize: maxSize, growth: ByteCount(0), durability: .none, committer: .manual),
      time: time, random: SomeRandom())
    let catalog = IngressCatalog(
      hooks: hooks, vars: vars, publicURL: "https://hooks.example.com", trustedProxies: [], usesTLS: false)
    ingress = Ingress(
      catalog: catalog, store: store, limiter: RateLimiter(time: time), time: time, log: SilentLog(),
      surroundings: surroundings)
  }

  deinit {
    store.drainAndClose()
    for name in ["data.mdb", "lock.mdb", "petrel.lock"] { _ = unsafe unlink("\(folder)/\(name)") }
    _ = unsafe rmdir(folder)
  }

  /// One request, judged as a server's loop would have it judged, and committed.
  func send(
    _ method: String = "POST", _ target: String = "/hooks/github", _ headers: [(String, String)] = [],
    body: String = ""
  ) throws -> HTTPResponse {
    let fields = HeaderFields([("Host", "hooks.example.com")] + headers)
    let head = RequestHead(
      method: method, target: target, headers: fields, declaredLength: body.utf8.count,
      receivedAt: time.now(), client: "192.0.2.7")
    if case .answer(let response) = ingress.admit(head) { return response }
    let box = Box()
    let request = IncomingRequest(
      method: method, target: target, headers: fields, body: Array(body.utf8), receivedAt: time.now(),
      client: "192.0.2.7")
    let exchange = Exchange { response in box.value.withLock { $0 = response } }
    if let response = ingress.respond(to: request, exchange: exchange) {
      exchange.answer(response)
    }
    store.pump()
    return try #require(box.value.withLock { $0 })
  }

  /// A delivery as GitHub signs it.
  func deliver(
    _ body: String = "{}", id: String? = "d-1", secret: String = IngressBench.secret,
    to hook: String = "github"
  ) throws -> HTTPResponse {
    let mac = try HMACKey(.sha256, secret: Array(secret.utf8)).code(Array(body.utf8))
    var headers = [
      ("Content-Type", "application/json"), ("X-GitHub-Event", "push"),
      ("X-Hub-Signature-256", "sha256=\(Hex.text(mac))"),
    ]
    if let id { headers.append(("X-GitHub-Delivery", id)) }
    return try send("POST", "/hooks/\(hook)", headers, body: body)
  }

  // MARK: Looking

  var events: [ListedEvent] {
    get throws { try store.read { try $0.events(before: nil, limit: 100).items } }
  }

  var rejected: [ListedRejection] {
    get throws { try store.read { try $0.rejected(before: nil, limit: 100).items } }
  }

  var executions: Int {
    get throws { try store.read { try $0.counters().executions.values.reduce(0, +) } }
  }
}

/// Where an exchange's answer arrives.
final class Box: Sendable {
  let value = Mutex<HTTPResponse?>(nil)
}

struct SomeRandom: RandomSource {
  func bits() -> UInt64 { 0x1234_5678_9abc_def0 }
}

/// Remembers what the hook interface asks of the rest.
final class FakeSurroundings: IngressSurroundings {
  struct Asked: Sendable {
    var captured: [String: [UInt8]] = [:]
    var confirmed: [String] = []
    var takesSecrets = true
  }

  let asked = Mutex(Asked())

  func probe(_ path: Substring) -> HTTPResponse? { path == "/healthz" ? HTTPResponse(status: 200) : nil }

  func capture(_ secret: [UInt8], hook: String, completion: @escaping @Sendable (Bool) -> Void) {
    let takes = asked.withLock { asked in
      if asked.takesSecrets { asked.captured[hook] = secret }
      return asked.takesSecrets
    }
    completion(takes)
  }

  func confirm(_ url: String, hook: String) { asked.withLock { $0.confirmed.append(url) } }
}

extension IngressHook {
  /// A hook of `provider`, with `members` beside it in `verify:`.
  static func sample(
    _ provider: String = "github", name: String? = nil, secret: String? = IngressBench.secret,
    workflows: [String] = []
  ) throws -> IngressHook {
    let preset = try PresetCatalog.preset(named: provider)
    var keys = HandshakeKeys(endpoint: "https://hooks.example.com/hooks/\(name ?? provider)")
    var verifier: Verifier?
    if let secret {
      let verify = try VerifyConfiguration(["provider": .string(provider), "secret": .string(secret)]) {
        Array($1.utf8)
      }
      keys = HandshakeKeys(verify, endpoint: keys.endpoint)
      verifier = try Verifier(verify)
    }
    let gate = SourceGate(
      verifier: verifier, delivery: try DeliveryRule(preset), handshake: try Handshake(preset), keys: keys)
    var hook = IngressHook(name: name ?? provider, gate: gate)
    hook.listeners = try workflows.enumerated().map { number, text in
      WorkflowListener(workflow: try workflow(text), version: UInt32(number + 1))
    }
    return hook
  }

  private static func workflow(_ text: String) throws -> Workflow {
    let diagnostics = Diagnostics(file: "sample.json")
    let workflow = Workflow(document: Array(text.utf8), diagnostics)
    return try #require(workflow, "\(diagnostics.all)")
  }

  /// The text of a workflow that listens to `github` under a condition.
  static func flow(_ name: String, if condition: String? = nil) -> String {
    let on = condition.map { #", "if": "\#($0)""# } ?? ""
    return """
      {"name":"\(name)","on":{"hook":"github"\(on)},"steps":[{"id":"one","set":{"a":"b"}}]}
      """
  }
}

extension HTTPResponse {
  /// The value of a field.
  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
  var text: String { String(decoding: body, as: UTF8.self) }
  var json: JSON? { try? JSON.parse(body) }
  var code: String? { json?["code"]?.string }
}
