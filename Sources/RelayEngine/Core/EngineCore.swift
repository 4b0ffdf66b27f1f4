package import RelayHTTP
package import RelayModel
package import RelaySandbox
package import RelayStore
package import RelayThreads

/// The durable scheduler: claims what is due, walks it, sends its requests, and records what came of
/// them. Whatever it forgets in a crash, the store knows.
///
/// One thread owns it (the engine's in production, the test's in the simulator): everything comes in
/// through `inbox`, `run` does all that can be done now, and `nextDeadline` says when to look again.
/// It has no clock, randomness or thread of its own, so that a simulator drives it whole.
package final class EngineCore {
  package enum Stage: Sendable, Hashable {
    /// Before `start`'s recovery is on record: nothing is claimed.
    case starting
    case running
    /// Nothing begins; what runs is put down at the instant (monotonic).
    case draining(until: Duration)
    /// The store takes nothing more: the process has to end.
    case failed
  }

  package let inbox: Inbox<EngineInput>
  package let metrics: EngineMetrics
  package private(set) var stage = Stage.starting
  var configuration: EngineConfiguration
  let store: Store
  let transport: any Transport
  let scripts: any ScriptRunner
  let random: any RandomSource
  let composer: AttemptComposer
  let log: any Log
  private let time: any TimeSource
  private var clock: EngineClock

  // The instant of the present `run`, read once.
  /// The engine's clock: for what is due.
  var now: Timestamp
  /// The wall clock: for what people see.
  var wall: Timestamp
  /// The monotonic clock: for what lies inside the process.
  var elapsed: Duration

  var runs: [RecordKey: Run] = [:]
  /// The bodies of their events, in bytes.
  var heldBodies = 0
  var destinations: DestinationTable
  var programs = ProgramCache()
  let lists = ElementLists()
  /// Executions in a destination's queue, by age; those that have left it are skipped.
  var line: [(joined: Timestamp, key: RecordKey)] = []
  /// Executions whose record the store refused for now, and when to offer it again.
  var unrecorded: [RecordKey] = []
  var recordAgainAt: Duration?
  /// Nil where nothing waits.
  var nextDue: Timestamp?
  /// Claims that the store has not answered.
  var claimsUnderWay = 0
  /// Permits of executions that were let go in this `run`.
  var freed = 0
  var lastNumber: UInt64 = 0

  package init(
    configuration: EngineConfiguration, store: Store, transport: any Transport,
    scripts: any ScriptRunner, time: any TimeSource, random: any RandomSource, secrets: any SecretSource,
    log: any Log,
    inbox: Inbox<EngineInput> = Inbox(), metrics: EngineMetrics = EngineMetrics()
  ) {
    self.configuration = configuration
    self.store = store
    self.transport = transport
    self.scripts = scripts
    self.time = time
    self.random = random
    self.composer = AttemptComposer(secrets: secrets)
    self.log = log
    self.inbox = inbox
    self.metrics = metrics
    self.wall = time.now()
    self.elapsed = time.elapsed()
    self.clock = EngineClock(wall: time.now(), elapsed: time.elapsed(), latest: .epoch)
    self.now = time.now()
    self.destinations = DestinationTable(limits: configuration.destinations)
  }

  /// Reads what a restart must not forget, and hands over the recovery of what was under way. Once,
  /// before the first `run` and before anything is accepted.
  package func start() throws(StoreError) {
    let kept = try store.read { (snapshot) throws(StoreError) in try Kept(snapshot) }
    clock = EngineClock(wall: wall, elapsed: elapsed, latest: kept.latest)
    readClocks()
    destinations.load(kept.breakers, latest: kept.latest, now: now)
    nextDue = kept.nextDue
    store.submit(Recover(now: now, limit: configuration.executions)) { [inbox] answer in
      inbox.add(.recovered(answer))
    }
  }

  /// Takes in what `Store.onCommit` tells; any thread. Wakes the engine once for that and for the answers
  /// that came before it; `Transport.afterEachBatch` is to do so for those of the transport.
  package static func sink(_ inbox: Inbox<EngineInput>) -> @Sendable ([Notice]) -> Void {
    { notices in
      if notices.contains(where: { $0.concernsEngine }) { inbox.add(.committed(notices)) }
      inbox.wake()
    }
  }

  /// Does all that can be done now: with `inputs` that were taken from the inbox already, and then with
  /// what stands in it.
  package func run(_ inputs: [EngineInput] = []) {
    readClocks()
    for input in inputs { receive(input) }
    store.wakeCommitter()
    while true {
      let inputs = inbox.take()
      if inputs.isEmpty { break }
      for input in inputs { receive(input) }
      store.wakeCommitter()
    }
    putDownTheImpatient()
    recordAgain()
    endDrain()
    claim()
    store.wakeCommitter()
    metrics.count { $0.running = runs.count }
  }

  /// When `run` has something to do by itself, on the monotonic clock; nil where only the inbox can
  /// bring it.
  package var nextDeadline: Duration? {
    var deadlines: [Duration] = []
    if let recordAgainAt { deadlines.append(recordAgainAt) }
    if let first = line.first { deadlines.append(elapsed + (first.joined + EngineBounds.queueWait - now)) }
    if case .draining(let until) = stage, !runs.isEmpty { deadlines.append(until) }
    if wantsClaim, let nextDue {
      let wait = max(nextDue - now, .zero)
      if hasPermit {
        deadlines.append(elapsed + wait)
      } else if runs.isEmpty {
        // All permits are with commits under way. Should those fail, nobody tells.
        deadlines.append(elapsed + max(wait, EngineBounds.permitPause))
      }
    }
    return deadlines.min()
  }

  /// Nothing runs any more, after `drain`.
  package var isDrained: Bool {
    if case .draining = stage { runs.isEmpty && claimsUnderWay == 0 } else { stage == .failed }
  }

  // MARK: Inputs

  private func receive(_ input: EngineInput) {
    switch input {
    case .committed(let notices): for notice in notices { receive(notice) }
    case .recovered(let answer): recovered(answer)
    case .claimed(let answer, let held, let limit): claimed(answer, held: held, limit: limit)
    case .recorded(let key, let number, let answer): recorded(key, number, answer)
    case .answered(let key, let transfer, let result): answered(key, transfer, result)
    case .scripted(let key, let transfer, let result): scripted(key, transfer, result)
    case .breakerLost(let error):
      log.warning("a breaker's state could not be kept", .text("error", error.message))
    case .configure(let configuration): configure(configuration)
    case .probe(let answer): answer()
    case .drain(let patience): beginDrain(patience)
    }
  }

  private func receive(_ notice: Notice) {
    switch notice {
    case .started(let started): begin(started)
    case .due(let instant): nextDue = min(nextDue ?? instant, instant)
    case .cancelled(let key, let revision):
      if let run = runs[key], run.revision < revision { happen(.cancelled, to: run) }
    case .outbox, .ended, .accepted, .answered: break
    }
  }

  private func recovered(_ answer: Result<RecoverAnswer, StoreError>) {
    switch answer {
    case .success(let recovered):
      if stage == .starting { stage = .running }
      let (taken, poisoned) = (recovered.started.count + recovered.parked.count, recovered.poisoned.count)
      if taken + poisoned > 0 {
        log.info(
          "taken up again after a crash", .number("executions", taken), .number("quarantined", poisoned))
      }
      for key in recovered.poisoned {
        log.error("quarantined after repeated crashes", .text("execution", store.tag.id(.execution, key)))
      }
      for started in recovered.started { begin(started) }
    case .failure(let error): storeFailed(error, "recovering what was under way")
    }
  }

  private func configure(_ configuration: EngineConfiguration) {
    store.permits.adjust(by: configuration.executions - self.configuration.executions)
    self.configuration = configuration
    destinations.use(configuration.destinations, now: now)
  }

  // MARK: Stages

  private func beginDrain(_ patience: Duration) {
    if stage == .failed { return }
    stage = .draining(until: elapsed + patience)
    // What was committed before this has been told when it is answered: nothing stays running unseen.
    submitClaim(held: 0, limit: 0)
    for run in inOrder where run.life == .queueing { putDownForNow(run) }
  }

  /// Puts down what has not ended by itself. Its attempts count: they may have had their effect.
  private func endDrain() {
    guard case .draining(let until) = stage, elapsed >= until else { return }
    for run in inOrder where run.life == .sending { putDownForNow(run) }
  }

  func storeFailed(_ error: StoreError, _ what: String) {
    log.error("the store failed", .text("while", what), .text("error", error.message))
    stage = .failed
  }

  var isDraining: Bool { if case .draining = stage { true } else { false } }

  /// Executions in the order of their keys: what happens to many happens in an order that a seed fixes.
  private var inOrder: [Run] { runs.values.sorted { $0.key < $1.key } }

  private func readClocks() {
    wall = time.now()
    elapsed = time.elapsed()
    now = clock.now(wall: wall, elapsed: elapsed)
  }
}

/// What a restart must not forget.
private struct Kept {
  let latest: Timestamp
  let breakers: [(destination: String, record: BreakerRecord)]
  let nextDue: Timestamp?

  init(_ snapshot: borrowing Snapshot) throws(StoreError) {
    latest = try snapshot.engineClock()
    breakers = try snapshot.breakers()
    nextDue = try snapshot.nextDue()
  }
}

extension Notice {
  fileprivate var concernsEngine: Bool {
    switch self {
    case .started, .due, .cancelled: true
    case .outbox, .ended, .accepted, .answered: false
    }
  }
}
