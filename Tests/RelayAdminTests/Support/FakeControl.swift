import RelayModel
import RelayStore
import Synchronization

@testable import RelayAdmin

/// A relay that does what a test tells it, and remembers what it was asked.
final class FakeControl: RelayControl, SecretKeeping {
  struct State: Sendable {
    var asked: [String] = []
    var isReady = true
    var reloadErrors: [String] = []
    var secrets: [String: [UInt8]] = [:]
    /// What the next command is refused with.
    var refusal: ControlError?
    var rejudged = RejudgeOutcome.refused(Refusal(.noMatchingSignature, "no signature matches"))
    var upstream: RelayStatus.Upstream?
  }

  let state = Mutex(State())

  var asked: [String] { state.withLock { $0.asked } }

  func approvalLink(_ execution: RecordKey, _ step: StepPath) -> String? { "https://x.example/approvals/1" }

  func status() -> RelayStatus {
    state.withLock { state in
      RelayStatus(
        version: "1.2.3", startedAt: Timestamp(seconds: 1_790_000_000), generation: 4, fingerprint: "ab12",
        isReady: state.isReady, obstacle: state.isReady ? nil : "the store is full", listen: "127.0.0.1:8080",
        adminListen: "127.0.0.1:8081", hooks: ["github", "legacy"], workflows: ["alert"],
        reloadErrors: state.reloadErrors, upstream: state.upstream)
    }
  }

  func reload() -> ReloadReport {
    note("reload")
    let errors = state.withLock { $0.reloadErrors }
    return ReloadReport(
      generation: errors.isEmpty ? 5 : 4, fingerprint: "cd34", changed: errors.isEmpty, errors: errors)
  }

  func execute(workflow: String, event: ManualEvent) throws(ControlError) -> AcceptedExecution {
    try ask(
      "execute \(workflow) \(event.type ?? "-") \(String(decoding: event.body, as: UTF8.self)) by \(event.actor)"
    )
    return AcceptedExecution(event: RecordKey(rawValue: 100), execution: RecordKey(rawValue: 101))
  }

  func replay(_ event: RecordKey, workflow: String?, background: Bool) throws(ControlError) -> [RecordKey] {
    try ask("replay \(workflow ?? "-") \(background ? "background" : "now")")
    return [RecordKey(rawValue: event.rawValue + 7)]
  }

  func retry(_ execution: RecordKey, _ how: RetryRequest) throws(ControlError) -> RecordKey {
    try ask("retry \(how.fromStart ? "start" : "step") \(how.version.rawValue)")
    return execution
  }

  func cancel(_ execution: RecordKey) throws(ControlError) { try ask("cancel") }

  func discard(_ execution: RecordKey) throws(ControlError) { try ask("discard") }

  func rejudge(_ rejected: RecordKey) throws(ControlError) -> RejudgeOutcome {
    try ask("rejudge")
    return state.withLock { $0.rejudged }
  }

  func explain(_ rejected: RecordKey) throws(ControlError) -> [RejectionFinding] {
    [RejectionFinding(.failed, "signature", "no secret matches")]
  }

  func sign(_ sample: SampleRequest) throws(ControlError) -> SignedSample {
    try ask("sign \(sample.hook) \(sample.headers.count) \(String(decoding: sample.body, as: UTF8.self))")
    return SignedSample(url: "http://h/hooks/\(sample.hook)", headers: [(name: "X-S", value: "1")])
  }

  var vault: any SecretKeeping { self }

  func metrics() -> [MetricFamily] {
    [MetricFamily("petrel_retries_total", .counter, "Attempts after a first.", 3)]
  }

  func list() throws(ControlError) -> [(name: String, updatedAt: Timestamp)] {
    state.withLock {
      $0.secrets.keys.sorted().map { (name: $0, updatedAt: Timestamp(seconds: 1_790_000_000)) }
    }
  }

  func set(_ name: String, _ value: [UInt8]) throws(ControlError) {
    try ask("set \(name)")
    state.withLock { $0.secrets[name] = value }
  }

  func delete(_ name: String) throws(ControlError) -> Bool {
    state.withLock { $0.secrets.removeValue(forKey: name) != nil }
  }

  private func ask(_ what: String) throws(ControlError) {
    note(what)
    if let refusal = state.withLock({ $0.refusal }) { throw refusal }
  }

  private func note(_ what: String) { state.withLock { $0.asked.append(what) } }
}
