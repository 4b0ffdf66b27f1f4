package import RelayModel

/// What is told upstream of one end of an execution: no payload, header, URL or error text.
package struct ExecutionSummary: Sendable, Hashable {
  /// One step in the summary.
  package struct Step: Sendable, Hashable {
    package var id: String
    package var status: StepStatus
    package var attempts: Int
    package var durationMs: Int
    package var httpStatus: Int?

    package init(id: String, status: StepStatus, attempts: Int, durationMs: Int, httpStatus: Int? = nil) {
      self.id = id
      self.status = status
      self.attempts = attempts
      self.durationMs = durationMs
      self.httpStatus = httpStatus
    }
  }

  package var execution: RecordKey
  /// Which end it is, counted from 1. Set by the store.
  package var end: Int
  package var workflow: String
  package var version: UInt32
  package var hook: String
  package var eventType: String?
  package var event: RecordKey
  package var status: ExecutionStatus
  package var createdAt: Timestamp
  package var startedAt: Timestamp?
  package var finishedAt: Timestamp
  package var attempts: Int
  package var steps: [Step]
  package var errorCode: String?
  /// Error text, only where the configuration asks for it.
  package var errorMessage: String?
  /// The event's body, only where the configuration asks for it.
  package var payload: [UInt8]?

  package init(
    execution: RecordKey, workflow: String, version: UInt32, hook: String, eventType: String? = nil,
    event: RecordKey, status: ExecutionStatus, createdAt: Timestamp, startedAt: Timestamp?,
    finishedAt: Timestamp, attempts: Int, steps: [Step] = [], errorCode: String? = nil,
    errorMessage: String? = nil, payload: [UInt8]? = nil
  ) {
    self.execution = execution
    self.end = 0
    self.workflow = workflow
    self.version = version
    self.hook = hook
    self.eventType = eventType
    self.event = event
    self.status = status
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.attempts = attempts
    self.steps = steps
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.payload = payload
  }
}

/// Ends of one workflow within one hour, counted instead of told one by one.
package struct RollupCount: Sendable, Hashable {
  /// The hour's first instant.
  package var hour: Timestamp
  package var workflow: String
  package var status: ExecutionStatus
  package var count: Int

  package init(hour: Timestamp, workflow: String, status: ExecutionStatus, count: Int) {
    self.hour = hour
    self.workflow = workflow
    self.status = status
    self.count = count
  }
}

/// One entry of the outbox. Entries tile the sequence without a gap: an end covers one number, a
/// fold or a declared loss as many as it replaced.
package struct OutboxEntry: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case end(ExecutionSummary)
    case rollup([RollupCount])
    case lost
  }

  /// The first and last sequence number that it covers.
  package var first: UInt64
  package var last: UInt64
  package var content: Content

  package init(first: UInt64, last: UInt64, content: Content) {
    self.first = first
    self.last = last
    self.content = content
  }
}

/// How the outbox stands.
package struct OutboxState: Sendable, Hashable {
  /// Random text made with the outbox.
  package var epoch: String
  /// The next number to be acknowledged: everything below is.
  package var first: UInt64
  /// The last number given; `first - 1` when nothing waits.
  package var last: UInt64
  /// What the waiting entries take, in bytes.
  package var bytes: Int
  /// Ends whose details were lost (declared lost ranges, all time).
  package var lost: UInt64

  package init(epoch: String, first: UInt64, last: UInt64, bytes: Int, lost: UInt64) {
    self.epoch = epoch
    self.first = first
    self.last = last
    self.bytes = bytes
    self.lost = lost
  }

  /// Numbers that wait for an acknowledgement.
  package var pending: UInt64 { last + 1 - first }
}
