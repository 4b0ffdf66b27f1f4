internal import RelayModel

/// Executions that start others and wait for their end. The child, its event and the parent's wait are one
/// commit; so are the child's end and the parent's wake-up.
extension WriteTransaction {
  /// Starts a child of an execution whose record is about to be put.
  mutating func start(
    _ child: ChildRun, of parent: RecordKey, _ record: inout ExecutionRecord, now: Timestamp
  ) throws(StoreError) {
    var wait = WaitRecord(subject: .run(RecordKey(rawValue: 0)), deadline: .distantFuture)
    if try snapshot.depth(of: record.root(parent)) >= StoreLimits.runDepth {
      wait.outcome = .tooDeep
    } else {
      let (key, event) = try insert(child.event, executions: 1, now: now)
      let stored = StoredEvent(key: key, record: event, body: child.event.body)
      var execution = child.execution
      execution.parent = parent
      wait.subject = .run(
        try admit(execution, of: stored, background: record.background, mayStart: true, now: now))
    }
    try listen(parent, &record, wait)
  }

  /// A child has ended: who waits for it goes on.
  mutating func wakeParent(of child: RecordKey, _ status: ExecutionStatus, now: Timestamp) throws(StoreError)
  {
    guard let link = try believed(.parents, KeyBytes(child), as: ParentLink.self),
      let wait = try believed(.waits, KeyBytes(link.parent), as: WaitRecord.self), wait.subject == .run(child)
    else { return }
    try wake(link.parent, .ended(status), reason: "the workflow that it ran has ended", now: now)
  }
}

extension Snapshot {
  /// How many executions stand above this one.
  func depth(of execution: RecordKey) throws(StoreError) -> Int {
    var depth = 0
    var key = execution
    while depth < StoreLimits.runDepth, let link: ParentLink = try record(.parents, KeyBytes(key)) {
      depth += 1
      // A strand stands in its execution.
      key = try self.execution(link.parent)?.root(link.parent) ?? link.parent
    }
    return depth
  }

  /// The executions whose end an execution, and the branches of it that are under way, wait for.
  func children(of execution: RecordKey, _ record: ExecutionRecord) throws(StoreError) -> [RecordKey] {
    var children: [RecordKey] = []
    for key in try [execution] + (record.forks ? strands(KeyBytes(execution)) : []) {
      if let child = try child(of: key) { children.append(child) }
    }
    return children
  }

  /// The execution whose end an execution waits for.
  func child(of execution: RecordKey) throws(StoreError) -> RecordKey? {
    guard let wait = try wait(of: execution), wait.outcome == nil, case .run(let child) = wait.subject else {
      return nil
    }
    return child
  }
}
