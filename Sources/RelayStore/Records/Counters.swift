package import RelayModel

/// What one hook has seen, all time.
package struct HookCounters: Sendable, Hashable {
  package var accepted: UInt64
  package var duplicates: UInt64
  package var rejected: UInt64

  package init(accepted: UInt64 = 0, duplicates: UInt64 = 0, rejected: UInt64 = 0) {
    self.accepted = accepted
    self.duplicates = duplicates
    self.rejected = rejected
  }
}

/// How executions of one workflow ended, all time; a retried execution may end twice.
package struct WorkflowCounters: Sendable, Hashable {
  package var succeeded: UInt64
  package var failed: UInt64
  package var cancelled: UInt64

  package init(succeeded: UInt64 = 0, failed: UInt64 = 0, cancelled: UInt64 = 0) {
    self.succeeded = succeeded
    self.failed = failed
    self.cancelled = cancelled
  }
}

/// The counts that pages and metrics show: kept in every commit, never counted.
package struct StoreCounters: Sendable, Hashable {
  /// Events stored at present.
  package var events: Int
  /// Executions stored at present, by status.
  package var executions: [ExecutionStatus: Int]
  package var deadLetters: Int
  /// Refused requests in the ring.
  package var rejected: Int
  /// Records found damaged and set aside.
  package var damaged: Int
  package var hooks: [String: HookCounters]
  package var workflows: [String: WorkflowCounters]

  package init(
    events: Int, executions: [ExecutionStatus: Int], deadLetters: Int, rejected: Int, damaged: Int,
    hooks: [String: HookCounters], workflows: [String: WorkflowCounters]
  ) {
    self.events = events
    self.executions = executions
    self.deadLetters = deadLetters
    self.rejected = rejected
    self.damaged = damaged
    self.hooks = hooks
    self.workflows = workflows
  }

  /// Executions that have not ended.
  package var backlog: Int {
    executions.reduce(0) { $0 + ($1.key.isFinal ? 0 : $1.value) }
  }
}
