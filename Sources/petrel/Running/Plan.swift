internal import ArgumentParser
internal import RelayCrypto
internal import RelayDocuments
internal import RelayService
internal import RelayWorkflow

struct Plan: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "What a change of workflows would do: added, changed, removed, executions in flight on each version.",
    discussion: """
      Holds the workflows of the configuration's folder against those that the relay runs; with files, only these, and \
      then nothing counts as removed. Nothing is changed. An execution stays on the version that it began with.

      EXAMPLES
        petrel plan
        petrel plan workflows/issue-alert.json --json
      """)

  @Argument(help: "Workflows, each as it would be.", completion: .file(extensions: ["json"]))
  var files: [String] = []
  @OptionGroup var relay: RelayOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let folder = try folder()
    let mistakes = folder.diagnostics.filter { $0.severity == .error }
    guard mistakes.isEmpty else {
      throw CommandFailure(.badInput, mistakes.map(\.description).joined(separator: "\n"))
    }
    let running = try relay.connect().get("/api/versions")["items"]?.array ?? []
    let change = WorkflowChange(
      from: running.compactMap(RunningVersion.init),
      to: folder.files.map { (name: $0.workflow.name, version: Hex.text($0.hash)) }, isWhole: files.isEmpty)
    if console.json { console.result(change.json) } else { console.result(change.text) }
  }

  private func folder() throws(CommandFailure) -> WorkflowFolder {
    guard files.isEmpty else { return WorkflowFolder.load(files: files, hooks: nil) }
    let configuration = try relay.configuration.load().configuration
    return WorkflowFolder.load(
      configuration.workflows, hooks: configuration.knownHooks)
  }
}

/// A version that new events start, or that executions in flight stand on.
struct RunningVersion {
  let workflow: String
  let version: String
  let isCurrent: Bool
  let inFlight: Int

  init?(_ json: JSON) {
    guard let workflow = json["workflow"]?.string, let version = json["version"]?.string else { return nil }
    self.workflow = workflow
    self.version = version
    isCurrent = json["current"]?.bool == true
    inFlight = json["in_flight"]?.int ?? 0
  }
}

/// What becomes of each workflow, by name.
struct WorkflowChange {
  enum Fate: String, CaseIterable {
    case added, changed, removed, unchanged
  }

  struct Item {
    let workflow: String
    let fate: Fate
    /// Content addresses: what new events start now, and what they will.
    let from: String?
    let to: String?
    let inFlight: [(version: String, count: Int)]
  }

  let items: [Item]

  /// - Parameter isWhole: whether a workflow that is not in `wanted` would be gone.
  init(from running: [RunningVersion], to wanted: [(name: String, version: String)], isWhole: Bool) {
    let wanted = Dictionary(wanted.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
    let names = isWhole ? Set(running.map(\.workflow)).union(wanted.keys) : Set(wanted.keys)
    items = names.sorted().compactMap { name in
      let versions = running.filter { $0.workflow == name }
      let current = versions.first(where: \.isCurrent)?.version
      let inFlight = versions.filter { $0.inFlight > 0 }.map { (version: $0.version, count: $0.inFlight) }
      let next = wanted[name]
      let fate: Fate
      switch (current, next) {
      case (nil, .some): fate = .added
      case (_, nil): fate = .removed
      case (let current?, let next?): fate = current == next ? .unchanged : .changed
      }
      return Item(workflow: name, fate: fate, from: current, to: next, inFlight: inFlight)
    }
  }

  var json: JSON {
    .object(
      JSONObject(
        Fate.allCases.map { fate in
          (fate.rawValue, .array(items.filter { $0.fate == fate }.map(Self.json)))
        }))
  }

  private static func json(_ item: Item) -> JSON {
    [
      "workflow": .string(item.workflow), "from": item.from.map(JSON.string) ?? .null,
      "to": item.to.map(JSON.string) ?? .null,
      "in_flight": .array(item.inFlight.map { ["version": .string($0.version), "count": JSON($0.count)] }),
    ]
  }

  var text: String {
    guard !items.isEmpty else { return "no workflows, now or then" }
    var lines = items.map(Self.line)
    let changes = items.count { $0.fate != .unchanged }
    lines.append(changes == 0 ? "nothing would change" : "\(changes) of \(items.count) would change")
    return lines.joined(separator: "\n")
  }

  private static func line(_ item: Item) -> String {
    let versions = [item.from, item.fate == .unchanged ? nil : item.to].compactMap { $0?.prefix(12) }
    let signs: [Fate: String] = [.added: "+", .changed: "~", .removed: "-", .unchanged: "="]
    let head =
      "\(signs[item.fate] ?? "") \(item.workflow)  \(item.fate.rawValue)  \(versions.joined(separator: " → "))"
    guard !item.inFlight.isEmpty else { return head }
    let staying = item.inFlight.map { "\($0.count) on \($0.version.prefix(12))" }.joined(separator: ", ")
    return "\(head)\n    in flight, and staying there: \(staying)"
  }
}
