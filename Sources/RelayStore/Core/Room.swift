internal import CLMDB
internal import RelayModel
internal import Synchronization

/// Knows how much room the file has: refuses what is new while only the reserve is left, so that
/// finishing and deleting always work.
final class Room: Sendable {
  let limit: ByteCount
  /// Kept back from what is new, at least.
  let reserve: ByteCount
  let growth: FileGrowth
  private let used: Atomic<Int>
  private let full = Mutex<Full?>(nil)
  /// What the disk said to the last commit, where it had no room for it.
  private let refused = Mutex<String?>(nil)

  /// Why the last commit took nothing new.
  private struct Full {
    let why: String
    /// The disk's doing: it may have room again before anything is committed.
    let isTheDisk: Bool
  }

  init(limit: ByteCount, growth: FileGrowth) {
    self.limit = limit
    self.growth = growth
    self.reserve = ByteCount(min(max(limit.bytes / 16, 1 << 20), 256 << 20, limit.bytes / 4))
    self.used = Atomic(0)
  }

  /// What new records may take in the next commit, while `backlog` executions and strands have not ended: each will
  /// write a journal and an outbox entry yet. The committer, between commits.
  func allowance(_ environment: Environment, backlog: Int) -> Allowance {
    let touched = environment.touchedBytes
    let bound = limit.bytes - max(reserve.bytes, backlog * StoreLimits.reservePerExecution)
    // The free pages need not be counted while the file is far from its end.
    let isNear = touched + StoreLimits.batchBytes * 2 > bound
    let free = isNear ? environment.freePages * environment.pageSize : 0
    used.store(touched - free, ordering: .relaxed)
    let failure = growth.refusal
    let allowance = Allowance(
      bytes: failure == nil ? bound - touched + free : 0, failure: failure, used: touched - free, limit: limit
    )
    full.withLock {
      $0 = allowance.isUsedUp ? Full(why: allowance.refusal.message, isTheDisk: failure != nil) : nil
    }
    return allowance
  }

  /// The committer, after each commit: what the disk said where it did not take it.
  func committed(refused error: StoreError?) {
    let why: String? = if case .diskFull = error { error?.message } else { nil }
    refused.withLock { $0 = why }
  }

  /// True while only another commit can tell whether there is room again.
  var needsProbe: Bool { refused.withLock { $0 != nil } }

  var usedBytes: ByteCount { ByteCount(used.load(ordering: .relaxed)) }

  /// Why nothing new is taken. Asking a full disk tries it again: whoever waits for room sends nothing meanwhile.
  var fullBecause: String? {
    if let why = refused.withLock({ $0 }) { return why }
    guard let full = full.withLock({ $0 }) else { return nil }
    return full.isTheDisk ? growth.refusal?.message : full.why
  }
}

/// What the new records of one commit may take: the reserve stays for what ends and deletes.
struct Allowance {
  /// Zero or less while nothing new is taken.
  private(set) var bytes: Int
  /// Why the disk takes nothing more; nil where it does.
  private let failure: StoreError?
  private let used: Int
  private let limit: ByteCount

  init(bytes: Int, failure: StoreError?, used: Int, limit: ByteCount) {
    self.bytes = bytes
    self.failure = failure
    self.used = used
    self.limit = limit
  }

  /// What to say beyond it; few commits come to that.
  var refusal: StoreError {
    failure ?? .full("its data file holds \(used >> 20) MiB of \(limit.text)")
  }

  var isUsedUp: Bool { bytes <= 0 }

  /// False where `weight` is more than what is left. A record takes a page or two more than it weighs.
  mutating func take(_ weight: Int) -> Bool {
    guard weight < bytes else { return false }
    bytes -= weight
    return true
  }
}
