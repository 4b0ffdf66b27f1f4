internal import RelayAdmin
internal import RelayModel
internal import RelayStore

/// What can be asked of a relay that does not run: what the store does alone.
struct OfflineControl: RelayControl {
  let store: Store
  let time: any TimeSource
  let vault: any SecretKeeping

  init(store: Store, time: any TimeSource, vault: Vault) {
    self.store = store
    self.time = time
    self.vault = vault
  }

  func approvalLink(_ execution: RecordKey, _ step: StepPath) -> String? { nil }

  func status() -> RelayStatus {
    RelayStatus(
      version: "", startedAt: time.now(), generation: 0, fingerprint: "", isReady: false,
      obstacle: "the relay is stopped", listen: "", adminListen: "", hooks: [], workflows: [])
  }

  func retry(_ execution: RecordKey, _ how: RetryRequest) throws(ControlError) -> RecordKey {
    guard how.version == .original else { throw Self.needsRelay }
    let retry = RetryExecution(
      execution: execution, fromStart: how.fromStart, version: .original, now: time.now())
    switch try perform(retry) {
    case .retried(let key): return key
    case .notEnded(let status):
      throw .conflict(
        "The execution has the status \(status.rawValue); only failed and cancelled ones are retried.")
    case .notFound: throw .notFound("There is no execution \(store.tag.id(.execution, execution)).")
    }
  }

  func cancel(_ execution: RecordKey) throws(ControlError) {
    switch try perform(Cancel(execution: execution, now: time.now())) {
    case .cancelled: return
    case .ended(let status): throw .conflict("The execution has ended already: \(status.rawValue).")
    case .notFound: throw .notFound("There is no execution \(store.tag.id(.execution, execution)).")
    }
  }

  func discard(_ execution: RecordKey) throws(ControlError) {
    guard try perform(Discard(execution: execution)) else {
      throw .conflict("\(store.tag.id(.execution, execution)) is no dead letter.")
    }
  }

  func reload() -> ReloadReport {
    ReloadReport(generation: 0, fingerprint: "", changed: false, errors: [Self.needsRelay.message])
  }

  func execute(workflow: String, event: ManualEvent) throws(ControlError) -> AcceptedExecution {
    throw Self.needsRelay
  }

  func replay(_ event: RecordKey, workflow: String?, background: Bool) throws(ControlError) -> [RecordKey] {
    throw Self.needsRelay
  }

  func rejudge(_ rejected: RecordKey) throws(ControlError) -> RejudgeOutcome { throw Self.needsRelay }

  func sign(_ sample: SampleRequest) throws(ControlError) -> SignedSample { throw Self.needsRelay }

  func explain(_ rejected: RecordKey) throws(ControlError) -> [RejectionFinding] { [] }

  func metrics() -> [MetricFamily] { [] }

  private static let needsRelay = ControlError.conflict("This takes a running relay; start it first.")

  private func perform<T: Transition>(_ transition: T) throws(ControlError) -> T.Answer {
    do throws(StoreError) {
      return try store.perform(transition)
    } catch {
      throw .unavailable(error.message)
    }
  }
}
