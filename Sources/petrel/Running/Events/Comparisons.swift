internal import RelayDocuments
internal import RelayService
internal import RelayWorkflow

/// What a changed workflow would do with events that have come, beside what was done with them. Nothing is sent and
/// nothing is stored: steps are answered as they were.
struct Comparisons {
  private let relay: any RelayConnection
  private let configuration: ConfigurationOptions

  init(_ relay: any RelayConnection, _ configuration: ConfigurationOptions) {
    self.relay = relay
    self.configuration = configuration
  }

  func report(_ path: String, of events: [String], _ console: Console) throws(CommandFailure) {
    let folder = WorkflowFolder.load(files: [path], hooks: nil)
    guard let file = folder.files.first else {
      throw CommandFailure(.badInput, folder.diagnostics.map(\.description).joined(separator: "\n"))
    }
    let trial = TrialRun(
      try configuration.load().configuration, environment: Environment.variables, dry: true)
    var items: [JSON] = []
    for id in events {
      let differences = try differences(id, file, trial)
      items.append(["event": .string(id), "differences": .array(differences.map { .string($0) })])
      guard !console.json else { continue }
      console.stream("\(id)  \(differences.isEmpty ? "same" : "differs")")
      for difference in differences { console.stream("  \(difference)") }
    }
    if console.json { console.result(["items": .array(items)]) }
  }

  private func differences(
    _ id: String, _ file: WorkflowFile, _ trial: TrialRun
  ) throws(CommandFailure) -> [String] {
    let shown = try relay.get("/api/events/\(Target.encoded(id))")
    let event = TrialEvent(shown.serialized())
    let before = try execution(of: shown, file.workflow.name)
    let isForHook = file.workflow.trigger.hook == shown["hook"]?.string
    guard isForHook && trial.wouldStart(file, event) else {
      return before == nil ? [] : ["it was started, and would not be"]
    }
    let recorded = (before?["steps"]?.array ?? []).filter { $0["attempts"]?.array?.isEmpty == false }
    let answers = Dictionary(
      recorded.map { ($0["id"]?.string ?? "", $0["output"] ?? .null) }, uniquingKeysWith: { _, last in last })
    let after: JSON
    do throws(TrialRun.Failure) {
      after = try trial.run(file, event, recorded: answers) { _ in }
    } catch {
      throw CommandFailure(trial: error)
    }
    guard let before else { return ["it was not started, and would be"] }
    return Comparison(before, after).differences
  }

  /// The latest execution of the workflow that the event started; nil where there was none.
  private func execution(of event: JSON, _ workflow: String) throws(CommandFailure) -> JSON? {
    for id in (event["executions"]?.array ?? []).compactMap(\.string).reversed() {
      let execution = try relay.get("/api/executions/\(id)")
      if execution["workflow"]?.string == workflow { return execution }
    }
    return nil
  }
}

/// Two executions of one event, step by step.
struct Comparison {
  let differences: [String]

  init(_ before: JSON, _ after: JSON) {
    var found: [String] = []
    let (old, new) = (Self.steps(before), Self.steps(after))
    for (id, step) in old {
      guard let other = new.first(where: { $0.id == id })?.step else {
        found.append("\(id): was \(Self.status(step)), and would not be reached")
        continue
      }
      found += Self.compare(id, step, other)
    }
    for (id, step) in new where !old.contains(where: { $0.id == id }) {
      found.append("\(id): was not reached, and would be \(Self.status(step))")
    }
    let (was, would) = (before["status"]?.string ?? "", after["status"]?.string ?? "")
    if was != would { found.append("it \(was), and would have \(would)") }
    differences = found
  }

  private static func compare(_ id: String, _ old: JSON, _ new: JSON) -> [String] {
    var found: [String] = []
    if status(old) != status(new) { found.append("\(id): was \(status(old)), would be \(status(new))") }
    if let (was, would) = changed(request(old), request(new)) {
      found.append("\(id): sent \(was), would send \(would)")
    }
    // What a request was answered with is given to both; what a step computed itself is compared.
    if request(new) == nil, let (was, would) = changed(old["output"]?.text, new["output"]?.text) {
      found.append("\(id): gave \(was), would give \(would)")
    }
    return found
  }

  private static func changed(_ old: String?, _ new: String?) -> (String, String)? {
    guard old != new else { return nil }
    return ((old ?? "nothing").cut(to: 200), (new ?? "nothing").cut(to: 200))
  }

  private static func steps(_ execution: JSON) -> [(id: String, step: JSON)] {
    (execution["steps"]?.array ?? []).map { ($0["id"]?.string ?? "", $0) }
  }

  private static func status(_ step: JSON) -> String { step["status"]?.string ?? "" }

  /// Method and URL of the last request; what is kept of one that was answered well.
  private static func request(_ step: JSON) -> String? {
    guard let request = step["attempts"]?.array?.last?["request"], request != .null else { return nil }
    return "\(request["method"]?.string ?? "") \(request["url"]?.string ?? "")"
  }
}
