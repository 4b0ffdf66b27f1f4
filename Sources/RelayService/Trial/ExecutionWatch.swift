internal import RelayAdmin
internal import RelayDocuments
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
    var rest = requests()[...]
    let steps = (execution["steps"]?.array ?? []).map { Self.completed($0, &rest) }
    execution["steps"] = .array(steps)
    let ended = steps.filter { !["running", "waiting"].contains($0["status"]?.string ?? "") }
    for step in ended where told.insert(step["id"]?.string ?? "").inserted { progress(step) }
    return .object(execution)
  }

  func stop() { interface.stop() }

  /// The step with each attempt's request in place of what is kept of it.
  private static func completed(_ step: JSON, _ requests: inout ArraySlice<JSON>) -> JSON {
    guard var object = step.object, let attempts = object["attempts"]?.array else { return step }
    object["attempts"] = .array(
      attempts.map { attempt in
        // A wait that was passed over, or a workflow that was not run, has sent nothing.
        guard var object = attempt.object, object["request"]?["wait"] == nil,
          object["request"]?["run"] == nil,
          let request = requests.popFirst()
        else { return attempt }
        object["request"] = request
        return .object(object)
      })
    return .object(object)
  }
}
