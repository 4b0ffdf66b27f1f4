internal import Synchronization

/// Where transitions wait for the committer: bounded by count and by bytes. Any thread posts; the
/// committer takes.
final class Mailbox: Sendable {
  private struct State {
    var waiting: [Pending] = []
    /// What must not happen during a commit.
    var work: [@Sendable () -> Void] = []
    var bytes = 0
    var isClosed = false
    var committerSleeps = false

    /// Whether the committer has to be woken, which is then under way.
    mutating func wakes() -> Bool {
      defer { committerSleeps = false }
      return committerSleeps
    }
  }

  private let state = Mutex(State())
  private let signal = Semaphore()

  /// Nil when it was taken; else why not. Where it does not wake a sleeping committer, `wake` has to follow.
  func post(_ pending: Pending, wakes: Bool = true) -> StoreError? {
    let weight = pending.weight
    let (refusal, mustWake) = state.withLock { state -> (StoreError?, Bool) in
      guard !state.isClosed else { return (.closing, false) }
      let fits = state.waiting.isEmpty || state.bytes + weight <= StoreLimits.mailboxBytes
      guard fits, state.waiting.count < StoreLimits.mailboxCount else {
        return (.full("too many requests wait for the disk"), false)
      }
      state.waiting.append(pending)
      state.bytes += weight
      return (nil, wakes && state.wakes())
    }
    if mustWake { signal.signal() }
    return refusal
  }

  /// Wakes the committer where it sleeps and something waits.
  func wake() {
    if state.withLock({ !$0.waiting.isEmpty && $0.wakes() }) { signal.signal() }
  }

  /// Has `work` run between two commits; at once where there will be none any more.
  func post(_ work: @escaping @Sendable () -> Void) {
    let (isClosed, wakes) = state.withLock { state -> (Bool, Bool) in
      guard !state.isClosed else { return (true, false) }
      state.work.append(work)
      return (false, state.wakes())
    }
    if wakes { signal.signal() }
    if isClosed { work() }
  }

  func takeWork() -> [@Sendable () -> Void] {
    state.withLock { state in
      defer { state.work = [] }
      return state.work
    }
  }

  /// What fits one commit, in order; empty when nothing waits.
  func take() -> [Pending] {
    state.withLock { state in
      var bytes = 0
      let count = state.waiting.prefix(StoreLimits.batchCount).prefix { pending in
        bytes += pending.weight
        return bytes <= StoreLimits.batchBytes
      }.count
      let taken = max(count, min(1, state.waiting.count))
      let batch = Array(state.waiting[..<taken])
      state.waiting.removeFirst(taken)
      state.bytes -= batch.reduce(0) { $0 + $1.weight }
      return batch
    }
  }

  /// Blocks until something waits or the mailbox is closed. False when it is closed and empty.
  func wait() -> Bool {
    while true {
      let mustSleep = state.withLock { state -> Bool? in
        if !state.waiting.isEmpty || !state.work.isEmpty { return false }
        if state.isClosed { return nil }
        state.committerSleeps = true
        return true
      }
      guard let mustSleep else { return false }
      guard mustSleep else { return true }
      signal.wait()
    }
  }

  /// Refuses everything from now on; what waits is still taken.
  func close() {
    let wakes = state.withLock { state in
      state.isClosed = true
      return state.wakes()
    }
    if wakes { signal.signal() }
  }
}
