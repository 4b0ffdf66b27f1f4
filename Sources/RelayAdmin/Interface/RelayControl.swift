package import RelayModel
package import RelayStore

/// What the admin interface asks of the running relay. The interface itself reads the store; whatever
/// changes an execution, or needs the configuration, goes through here.
///
/// Called on a worker's thread, where it may wait for a commit; never on a loop's. What it did is durable
/// when it returns.
package protocol RelayControl: Sendable {
  /// What runs. Cheap: also asked for by the loop threads, for readiness.
  func status() -> RelayStatus

  /// Reads configuration and workflows again. A broken change is answered with its errors, and what ran
  /// before goes on.
  func reload() -> ReloadReport

  /// The link under which people decide what a step of an execution asks; nil where there is none.
  func approvalLink(_ execution: RecordKey, _ step: StepPath) -> String?

  /// Runs a workflow on an event made for it. Answers the event's id and the execution's.
  func execute(workflow: String, event: ManualEvent) throws(ControlError) -> AcceptedExecution

  /// Runs the stored event again: one new execution of each workflow that matches it now, or of the one
  /// named. Answers the new executions.
  ///
  /// - Parameter background: after everything live, for replay in bulk.
  func replay(_ event: RecordKey, workflow: String?, background: Bool) throws(ControlError) -> [RecordKey]

  /// Goes on from the failed step, or from the start with a new execution of the same event. Answers the
  /// execution that will run.
  func retry(_ execution: RecordKey, _ how: RetryRequest) throws(ControlError) -> RecordKey

  /// Ends an execution that has not ended; what it is sending is aborted.
  func cancel(_ execution: RecordKey) throws(ControlError)

  /// Puts a failed execution aside: it is no dead letter any more.
  func discard(_ execution: RecordKey) throws(ControlError)

  /// Judges a refused request again, as of the time it came, and admits it where it verifies now.
  func rejudge(_ rejected: RecordKey) throws(ControlError) -> RejudgeOutcome

  /// Why the signature of a refused request failed: one check a line, then the likeliest cause. Never the
  /// expected value.
  func explain(_ rejected: RecordKey) throws(ControlError) -> [RejectionFinding]

  /// Signs a request as the hook's provider would, with the hook's own secret.
  func sign(_ sample: SampleRequest) throws(ControlError) -> SignedSample

  /// The vault; the store holds its values sealed.
  var vault: any SecretKeeping { get }

  /// What ingress, engine and upstream measure of themselves.
  func metrics() -> [MetricFamily]
}

/// The vault as the interface sees it: values go in and never come out.
package protocol SecretKeeping: Sendable {
  /// Names in order, with the instant of each one's last change.
  func list() throws(ControlError) -> [(name: String, updatedAt: Timestamp)]
  /// Keeps a value, durable when it returns. An earlier value of the name is replaced.
  func set(_ name: String, _ value: [UInt8]) throws(ControlError)
  /// False where there was none.
  func delete(_ name: String) throws(ControlError) -> Bool
}

/// How a failed execution is tried again.
package struct RetryRequest: Sendable, Hashable {
  package enum Version: String, Sendable, CaseIterable {
    /// The document that the execution began with.
    case original
    /// The one that is loaded now.
    case current
  }

  /// From the first step, as a new execution of the same event.
  package var fromStart: Bool
  package var version: Version

  package init(fromStart: Bool = false, version: Version = .original) {
    self.fromStart = fromStart
    self.version = version
  }
}

/// An event that an operator made up for a workflow.
package struct ManualEvent: Sendable {
  package var type: String?
  package var method: String
  package var headers: HeaderFields
  package var body: [UInt8]
  /// Who made it, for the record: `token deploy` or `local`.
  package var actor: String

  package init(
    type: String? = nil, method: String = "POST", headers: HeaderFields, body: [UInt8], actor: String
  ) {
    self.type = type
    self.method = method
    self.headers = headers
    self.body = body
    self.actor = actor
  }
}

/// An event and the execution that it started.
package struct AcceptedExecution: Sendable, Hashable {
  package var event: RecordKey
  package var execution: RecordKey

  package init(event: RecordKey, execution: RecordKey) {
    self.event = event
    self.execution = execution
  }
}
