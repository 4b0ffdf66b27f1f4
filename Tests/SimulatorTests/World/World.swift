import RelayEngine
import RelayModel
import RelayStore
import RelayThreads

/// Everything around the relay, and the relay itself: moved on turn by turn, one thread, one seed.
///
/// Sendable because a run uses one thread.
final class World: @unchecked Sendable {
  let scenario: Scenario
  let sabotage: Sabotage?
  let time = VirtualTime()
  let history: History
  let oracle: Oracle
  let destinations: Destinations
  let scripts: Scripts
  let random: SeededRandom
  private(set) var relay: Relay
  var senders: [Sender]
  /// Workflow versions by name.
  private(set) var versions: [String: UInt32] = [:]
  private(set) var counts = Counts()
  private let machine: Machine
  // For planted faults: the data file as it was before the last commit.
  var image: [UInt8] = []
  var deathsPercent: Int

  struct Counts {
    var commits = 0
    var deaths = 0
  }

  init(_ scenario: Scenario, keepsHistory: Bool, sabotage: Sabotage? = nil) throws(StoreError) {
    self.scenario = scenario
    self.sabotage = sabotage
    history = History(time, isKept: keepsHistory)
    oracle = Oracle(scenario, time, history)
    destinations = Destinations(scenario, time, oracle, sabotage)
    scripts = Scripts(scenario, time, oracle, sabotage)
    random = SeededRandom(scenario.seed, stream: "world")
    machine = Machine(scenario, time, destinations, scripts, oracle, sabotage)
    senders = []
    deathsPercent = scenario.deaths
    relay = try machine.boot()
    for plan in scenario.workflows { versions[plan.name] = try register(plan) }
    senders = (0..<scenario.deliveries).map { Sender($0, scenario, versions, random, sabotage) }
    try recover()
  }

  var folder: ScratchFolder { machine.folder }
  var heard: HeardNotices { machine.heard }

  deinit { relay.store.drainAndClose() }

  private func register(_ plan: WorkflowPlan) throws(StoreError) -> UInt32 {
    // Any 32 bytes will do: nobody but the store compares them.
    let hash = (0..<32).map { _ in UInt8(truncatingIfNeeded: machine.random.bits()) }
    return try relay.store.perform(
      RegisterVersion(
        name: plan.name, document: plan.sabotaged(sabotage).document, hash: hash,
        vars: Array("{}".utf8)))
  }

  // MARK: The relay's turn

  /// The engine runs.
  func run() {
    oracle.works()
    sabotageEngine()
    relay.core.run()
    oracle.ran()
  }

  /// The committer commits what waits, or the process dies at it.
  func commit() throws(StoreError) {
    let fate = drawFate()
    if fate != .commit { return try die(fate) }
    sabotageCommit()
    relay.store.pump()
    counts.commits += 1
    try oracle.look(relay.store, .commit)
  }

  private func drawFate() -> CommitFate {
    guard random.chance(deathsPercent) else { return .commit }
    return random.chance(50) ? .crashBefore : .crashAfter
  }

  /// Runs and commits until nothing follows.
  func settle() throws(StoreError) {
    var (quiet, rounds) = (0, 0)
    while quiet < 3, rounds < 60 {
      let (before, life) = (oracle.changes, oracle.life)
      run()
      try commit()
      quiet = oracle.changes == before && oracle.life == life ? quiet + 1 : 0
      rounds = oracle.life == life ? rounds + 1 : 0
    }
    oracle.check(quiet >= 3, .everythingEnds, "the engine does not come to rest, though nothing comes")
    oracle.checkPermits(relay.store.permits.available)
  }

  // MARK: Deaths

  /// The process dies, at this commit.
  func die(_ fate: CommitFate) throws(StoreError) {
    history.note("the process dies, \(fate)")
    relay.store.pump(fate)
    try rise(unchanged: fate == .crashBefore)
    try recover()
  }

  /// The process is told to stop, and stops in order.
  func restart() throws(StoreError) {
    history.note("the relay is stopped")
    // The listeners have stopped by then, and everybody has an answer.
    let life = oracle.life
    try commit()
    guard life == oracle.life else { return }
    oracle.isStopping = true
    relay.core.inbox.put(.drain(patience: random.milliseconds(0...3000)))
    for _ in 0..<200 where !relay.core.isDrained {
      run()
      try commit()
      guard life == oracle.life else { return }
      if let next = nextInstant { pass(until: next) }
    }
    oracle.check(relay.core.isDrained, .everythingEnds, "the relay does not stop")
    let running = oracle.walkers.filter { $0.record.status == .running }
    oracle.check(running.isEmpty, .permitsAddUp, "\(running.count) executions run on after the stop")
    relay.store.drainAndClose()
    try rise(unchanged: true)
    try recover()
  }

  /// The next life begins on what the last one left.
  private func rise(unchanged: Bool) throws(StoreError) {
    counts.deaths += 1
    oracle.died()
    destinations.forgetAll()
    scripts.forgetAll()
    for index in senders.indices { senders[index].lostTouch() }
    sabotageDisk()
    time.pass(random.milliseconds(0...2000))
    relay = try machine.boot()
    try oracle.look(relay.store, .restart(unchanged: unchanged))
    try oracle.checkAcknowledged(relay.store)
  }

  /// What ran at the death is taken up again, unless the process dies once more.
  private func recover() throws(StoreError) {
    oracle.works()
    try relay.core.start()
    let fate = drawFate()
    if fate != .commit {
      history.note("the process dies in its recovery, \(fate)")
      relay.store.pump(fate)
      try died(inRecovery: fate)
      return
    }
    sabotageRecovery()
    relay.store.pump()
    try oracle.look(relay.store, .recovery)
    run()
  }

  private func died(inRecovery fate: CommitFate) throws(StoreError) {
    counts.deaths += 1
    oracle.died()
    relay = try machine.boot()
    try oracle.look(relay.store, fate == .crashBefore ? .restart(unchanged: true) : .recovery)
    try recover()
  }

  // MARK: Time

  func pass(_ span: Duration) {
    time.pass(span)
    destinations.deliver()
    scripts.deliver()
  }

  /// Time passes up to `instant`, and by a millisecond at least.
  func pass(until instant: Duration) { pass(max(instant - time.elapsed(), .milliseconds(1))) }

  /// When something is bound to happen next.
  var nextInstant: Duration? {
    [destinations.nextEnd, scripts.nextEnd, relay.core.nextDeadline].compactMap { $0 }.min()
  }
}
