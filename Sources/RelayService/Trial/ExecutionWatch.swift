internal import RelayAdmin
internal import RelayCrypto
internal import RelayDocuments
internal import RelayEngine
internal import RelayModel
internal import RelayStore

/// An execution as the admin API shows it, and which of its steps have been told.
final class ExecutionWatch {
  private let interface: LocalInterface
  private let id: String
  private let requests: () -> [JSON]
  /// By their paths: a step that holds others ends after them and stands before them.
  private var told: Set<String> = []

  /// - Parameter requests: what was sent, in order, where it is to be shown whole: the store keeps only the first
  ///   line of a request that was answered well.
  init(
    _ store: Store, _ key: RecordKey, _ time: any TimeSource, _ folder: String,
    requests: @escaping () -> [JSON]
  ) throws(StoreError) {
    id = store.tag.id(.execution, key)
    self.requests = requests
    let vault = Vault(store: store, keyFile: "\(folder)/key", time: time)
    interface = try LocalInterface(
      store: store, control: OfflineControl(store: store, time: time, vault: vault), time: time)
  }

  /// Tells the steps that have ended since the last time, and answers the whole execution.
  func report(_ progress: (JSON) -> Void) -> JSON {
    var execution = interface.ask("GET", "/api/executions/\(id)", nil).json.object ?? JSONObject()
    // Read after the steps: a step that ended between the two readings would be shown without its request.
    var sent = Dictionary(grouping: requests()) { $0["headers"]?[IdempotencyKey.header]?.string ?? "" }
    let steps = (execution["steps"]?.array ?? []).map { completed($0, &sent) }
    execution["steps"] = .array(steps)
    let ended = steps.filter { !["running", "waiting"].contains($0["status"]?.string ?? "") }
    for step in ended where told.insert(step["id"]?.string ?? "").inserted { progress(step) }
    return .object(execution)
  }

  func stop() { interface.stop() }

  /// The step with each attempt's request in place of what is kept of it. Steps and requests are not in the same
  /// order, and not every attempt sends something: each request says by its key whose it is.
  private func completed(_ step: JSON, _ sent: inout [String: [JSON]]) -> JSON {
    guard var object = step.object, let attempts = object["attempts"]?.array,
      let key = key(of: object["id"]?.string ?? ""), var own = sent[key]?[...]
    else { return step }
    object["attempts"] = .array(
      attempts.map { attempt in
        guard var object = attempt.object, let request = own.popFirst() else { return attempt }
        object["request"] = request
        return .object(object)
      })
    sent[key] = Array(own)
    return .object(object)
  }

  private func key(of step: String) -> String? {
    do throws(CryptoError) {
      return try IdempotencyKey.text(execution: id, step: step)
    } catch {
      // Where OpenSSL cannot hash, nothing was sent with such a key.
      return nil
    }
  }
}
