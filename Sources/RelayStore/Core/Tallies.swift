internal import RelayModel

/// The all-time counters of hooks and workflows, by name.
struct Tallies {
  var hooks: [String: HookCounters] = [:]
  var workflows: [String: WorkflowCounters] = [:]

  init() {}

  /// Reads what the last commit left.
  init(_ snapshot: borrowing Snapshot) throws(StoreError) {
    let cursor = try snapshot.cursor(.counters)
    var entry = try cursor.first()
    while let found = entry {
      let name = found.name(from: 1)
      if found.byte(at: 0) == Self.hookMark {
        hooks[name] = try snapshot.decode(found, .counters)
      } else {
        workflows[name] = try snapshot.decode(found, .counters)
      }
      entry = try cursor.next()
    }
  }

  var isEmpty: Bool { hooks.isEmpty && workflows.isEmpty }

  static let hookMark = UInt8(ascii: "h")
  static let workflowMark = UInt8(ascii: "w")

  static func key(_ mark: UInt8, _ name: String) -> KeyBytes {
    var key = KeyBytes()
    key.add(mark)
    key.add(name)
    return key
  }

  mutating func count(hook: String, _ change: (inout HookCounters) -> Void) {
    change(&hooks[hook, default: HookCounters()])
  }

  mutating func count(workflow: String, ended status: ExecutionStatus) {
    switch status {
    case .succeeded: workflows[workflow, default: WorkflowCounters()].succeeded += 1
    case .failed: workflows[workflow, default: WorkflowCounters()].failed += 1
    case .cancelled: workflows[workflow, default: WorkflowCounters()].cancelled += 1
    case .queued, .running, .waiting: break
    }
  }

  /// Adds what one commit counted. Names beyond the bound are not counted: nobody fills the store by
  /// inventing hooks.
  mutating func add(_ changes: Tallies) {
    for (name, change) in changes.hooks where hooks[name] != nil || hooks.count < StoreLimits.countedNames {
      hooks[name, default: HookCounters()].add(change)
    }
    for (name, change) in changes.workflows
    where workflows[name] != nil || workflows.count < StoreLimits.countedNames {
      workflows[name, default: WorkflowCounters()].add(change)
    }
  }
}

extension HookCounters {
  fileprivate mutating func add(_ other: HookCounters) {
    accepted += other.accepted
    duplicates += other.duplicates
    rejected += other.rejected
  }
}

extension WorkflowCounters {
  fileprivate mutating func add(_ other: WorkflowCounters) {
    succeeded += other.succeeded
    failed += other.failed
    cancelled += other.cancelled
  }
}

extension WriteTransaction {
  /// Writes the counters that the commit changed, on top of `before`.
  mutating func writeTallies(over before: Tallies) throws(StoreError) {
    var sums = before
    guard !tallies.isEmpty else { return }
    sums.add(tallies)
    for hook in tallies.hooks.keys {
      if let sum = sums.hooks[hook] { try put(.counters, Tallies.key(Tallies.hookMark, hook), sum) }
    }
    for workflow in tallies.workflows.keys {
      if let sum = sums.workflows[workflow] {
        try put(.counters, Tallies.key(Tallies.workflowMark, workflow), sum)
      }
    }
  }
}
