internal import CLMDB
internal import RelayModel
internal import Synchronization

/// Knows how much room the file has: refuses what is new while only the reserve is left, so that
/// finishing and deleting always work.
final class Room: Sendable {
  let limit: ByteCount
  /// Kept back from what is new.
  let reserve: ByteCount
  let growth: FileGrowth
  private let used: Atomic<Int>
  private let full = Mutex<String?>(nil)

  init(limit: ByteCount, growth: FileGrowth) {
    self.limit = limit
    self.growth = growth
    self.reserve = ByteCount(min(max(limit.bytes / 16, 1 << 20), 256 << 20, limit.bytes / 4))
    self.used = Atomic(0)
  }

  /// Why nothing new is taken at present; nil while there is room. The committer, between commits.
  func isFull(_ environment: Environment) -> StoreError? {
    let error = growth.refusal ?? fileIsFull(environment)
    full.withLock { $0 = error.map(\.message) }
    return error
  }

  private func fileIsFull(_ environment: Environment) -> StoreError? {
    let touched = environment.touchedBytes
    let bound = limit.bytes - reserve.bytes
    // The free pages need not be counted while the file is far from its end.
    let free = touched > bound ? environment.freePages * environment.pageSize : 0
    used.store(touched - free, ordering: .relaxed)
    guard touched - free > bound else { return nil }
    return .full("its data file holds \((touched - free) >> 20) MiB of \(limit.text)")
  }

  var usedBytes: ByteCount { ByteCount(used.load(ordering: .relaxed)) }
  var fullBecause: String? { full.withLock { $0 } }
}
