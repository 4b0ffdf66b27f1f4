import RelayEngine
import RelayModel
import RelayStore
import RelayThreads

/// Planting faults, at the places where the world touches the relay.
extension World {
  /// Before the engine runs.
  func sabotageEngine() {
    switch sabotage {
    case .replaysNotices: for notice in heard.take() { relay.core.inbox.put(.committed(notice)) }
    case .startsWithoutPermit: if random.chance(10) { relay.store.permits.giveBack() }
    case .losesPermit: if random.chance(10) { _ = relay.store.permits.take() }
    default: break
    }
  }

  /// Before a commit.
  func sabotageCommit() {
    switch sabotage {
    case .losesCommits: image = folder.image()
    case .reopensByItself: if random.chance(20) { relay.store.submit(ReopenByItself()) { _ in } }
    case .losesOutboxEntry: relay.store.submit(LoseOutboxEntry()) { _ in }
    case .forgetsOutcomes: if random.chance(20) { relay.store.submit(ForgetOutcome()) { _ in } }
    case .closesForksEarly: if random.chance(20) { relay.store.submit(CloseForkEarly()) { _ in } }
    case .beginsTurnsAgain: if random.chance(20) { relay.store.submit(BeginTurnAgain()) { _ in } }
    case .losesIndexEntry: if random.chance(20) { relay.store.submit(LoseIndexEntry()) { _ in } }
    default: break
    }
  }

  /// Before the recovery is committed.
  func sabotageRecovery() {
    if sabotage == .countsDeathsTwice { relay.store.submit(CountDeathsTwice()) { _ in } }
  }

  /// Between two lives of the process.
  func sabotageDisk() {
    if sabotage == .losesCommits, !image.isEmpty { folder.restore(image) }
  }

  /// What the engine of a new life is given.
  static func sabotaged(_ limits: DestinationGate.Limits, _ sabotage: Sabotage?) -> DestinationGate.Limits {
    var limits = limits
    if sabotage == .crowdsDestinations { limits.concurrency = 100 }
    if sabotage == .forgetsBreaker { limits.breaker.failures = 1_000_000 }
    return limits
  }
}

/// The notices of commits, for the engine that hears of them twice.
///
/// Sendable because a run uses one thread.
final class HeardNotices: @unchecked Sendable {
  private var batches: [[Notice]] = []

  func put(_ notices: [Notice]) { batches.append(notices) }

  func take() -> [[Notice]] {
    defer { batches = [] }
    return batches
  }
}
