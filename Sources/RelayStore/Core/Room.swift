internal import CLMDB
internal import RelayModel
internal import Synchronization

/// Knows how much room the file has: refuses what is new while only the reserve is left, so that
/// finishing and deleting always work.
final class Room: Sendable {
  let limit: ByteCount
  /// Kept back from what is new.
  let reserve: ByteCount
  private let used: Atomic<Int>
  private let full = Mutex<String?>(nil)

  init(limit: ByteCount) {
    self.limit = limit
    self.reserve = ByteCount(min(max(limit.bytes / 16, 1 << 20), 256 << 20, limit.bytes / 4))
    self.used = Atomic(0)
  }

  /// Why nothing new is taken at present; nil while there is room. The committer, between commits.
  func isFull(_ environment: Environment) -> StoreError? {
    let touched = (environment.lastPage + 1) * environment.pageSize
    let bound = limit.bytes - reserve.bytes
    guard touched > bound else {
      used.store(touched, ordering: .relaxed)
      full.withLock { $0 = nil }
      return nil
    }
    let inUse = touched - environment.freePages * environment.pageSize
    used.store(inUse, ordering: .relaxed)
    let why = inUse > bound ? "its data file holds \(inUse >> 20) of \(limit.text)" : nil
    full.withLock { $0 = why }
    return why.map { .full($0) }
  }

  var usedBytes: ByteCount { ByteCount(used.load(ordering: .relaxed)) }
  var fullBecause: String? { full.withLock { $0 } }

  /// Runs a commit.
  func whileStill(_ commit: () -> Int32) -> Int32 { commit() }
}
