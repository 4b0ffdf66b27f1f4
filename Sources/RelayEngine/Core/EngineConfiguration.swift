package import RelayModel
package import RelayStore

/// Makes the link of a step that waits for an approval.
package typealias ApprovalLink = @Sendable (RecordKey, StepPath) -> String?

/// A workflow as `run` starts it.
package struct RunnableWorkflow: Sendable, Hashable {
  package var version: UInt32
  package var hook: String?
  package var priority: UInt8

  package init(version: UInt32, hook: String?, priority: UInt8) {
    self.version = version
    self.hook = hook
    self.priority = priority
  }
}

/// What the engine is told by the configuration.
package struct EngineConfiguration: Sendable {
  /// `limits.executions`: how many run at once.
  package var executions: Int
  /// `egress.host_concurrency` and `egress.breaker`.
  package var destinations: DestinationGate.Limits
  /// An answer with a larger body is a network error.
  package var maxAnswer: ByteCount
  /// The bodies of events that executions in memory hold: beyond it nothing is claimed, and what starts
  /// with its event is put down.
  package var heldBodies: ByteCount
  /// The link under which people decide what a step of an execution asks; nil where there is none.
  package var approvalLink: ApprovalLink?
  /// What `run` may start, by name.
  package var workflows: [String: RunnableWorkflow] = [:]
  /// Which traces executions belong to; nil where destinations are told of none.
  package var tracing: Tracing?
  /// `run` starts nothing, and says what it would.
  package var pretendsRuns = false

  package init(
    executions: Int = 256, destinations: DestinationGate.Limits = DestinationGate.Limits(),
    maxAnswer: ByteCount = .mebibytes(1), heldBodies: ByteCount = .mebibytes(256)
  ) {
    self.executions = executions
    self.destinations = destinations
    self.maxAnswer = maxAnswer
    self.heldBodies = heldBodies
  }
}
