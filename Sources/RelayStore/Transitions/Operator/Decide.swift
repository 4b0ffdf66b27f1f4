package import RelayModel

/// Decides what an execution waits for people to decide. The first decision counts; the audit says where it
/// came from.
package struct Decide: Transition {
  package var execution: RecordKey
  /// The step that asks.
  package var step: StepPath
  package var decision: ApprovalDecision
  /// Where the decision came from, for the audit.
  package var client: String

  package init(execution: RecordKey, step: StepPath, decision: ApprovalDecision, client: String) {
    self.execution = execution
    self.step = step
    self.decision = decision
    self.client = client
  }

  package var weight: Int { 1024 + (decision.comment?.utf8.count ?? 0) }

  /// How the question stood before: it was decided where that is `open`.
  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> ApprovalState {
    let state = try transaction.snapshot.approval(execution, step)
    guard case .open = state, let asker = try transaction.snapshot.asker(execution, step) else {
      return state
    }
    let verdict = decision.isApproved ? "approved" : "rejected"
    try transaction.wake(asker, .decision(decision), reason: "it was \(verdict)", now: decision.at)
    try AppendAudit(
      record: AuditRecord(
        at: decision.at, actor: "approval link from \(client)",
        action: decision.isApproved ? "approval.approve" : "approval.reject",
        subject: transaction.snapshot.tag.id(.execution, execution), detail: decision.by ?? "")
    ).apply(&transaction)
    return state
  }
}

extension Snapshot {
  /// How the question of a step stands.
  package func approval(_ execution: RecordKey, _ step: StepPath) throws(StoreError) -> ApprovalState {
    guard let record = try self.execution(execution) else { return .gone }
    if let asker = try asker(execution, step), let wait = try wait(of: asker) {
      guard case .approval(let question) = wait.subject else { return .gone }
      return switch wait.outcome {
      case nil: .open(question, deadline: wait.deadline)
      case .decision(let decision): .decided(isApproved: decision.isApproved)
      case .timedOut: .expired
      case .event, .pretended, .ended, .tooDeep: .gone
      }
    }
    let entry: JournalEntry? = try self.record(.journal, KeyBytes(execution, step))
    return switch (entry?.status, entry?.failure?.code) {
    case (.succeeded, _): .decided(isApproved: true)
    case (.failed, ApprovalState.rejectedCode): .decided(isApproved: false)
    case (.failed, ApprovalState.timeoutCode): .expired
    case (nil, _) where !record.status.isFinal: .notYet
    default: .gone
    }
  }
}

extension Snapshot {
  /// The record that waits at `step` of an execution: its own, or that of a branch under way.
  func asker(_ execution: RecordKey, _ step: StepPath) throws(StoreError) -> RecordKey? {
    for key in try askers(execution) {
      guard let record = try self.execution(key), record.listens, record.position == step else { continue }
      return key
    }
    return nil
  }

  /// The steps of an execution that ask people, with what they ask, in the order of the document.
  package func openApprovals(of execution: RecordKey) throws(StoreError) -> [OpenApproval] {
    var open: [OpenApproval] = []
    for key in try askers(execution) {
      guard let record = try self.execution(key), record.listens, let wait = try wait(of: key),
        wait.outcome == nil, case .approval(let question) = wait.subject
      else { continue }
      open.append(OpenApproval(step: record.position, question: question, deadline: wait.deadline))
    }
    return open.sorted { $0.step < $1.step }
  }

  private func askers(_ execution: RecordKey) throws(StoreError) -> [RecordKey] {
    guard let record = try self.execution(execution) else { return [] }
    return try [execution] + (record.forks ? strands(KeyBytes(execution)) : [])
  }
}

/// A question that nobody has answered.
package struct OpenApproval: Sendable {
  package let step: StepPath
  package let question: ApprovalQuestion
  /// On the engine's clock.
  package let deadline: Timestamp
}

extension ApprovalState {
  /// The codes of the failures that a question ends with.
  package static let rejectedCode = "rejected"
  package static let timeoutCode = "timeout"
}
