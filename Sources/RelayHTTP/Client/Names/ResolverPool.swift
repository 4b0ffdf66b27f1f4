internal import CLinux
internal import Glibc
internal import RelayModel
internal import RelayThreads
internal import Synchronization

/// The threads on which names are looked up, so that a resolver that does not answer blocks no transfer
/// to another destination. Threads start when they are needed, up to a bound, and names wait in a
/// bounded queue.
final class ResolverPool: Sendable {
  typealias Delivery = @Sendable (String, Result<[IPAddress], LookupFailure>) -> Void

  private struct State {
    var queue: [String] = []
    var threads = 0
    var idle = 0
    var isStopped = false
  }

  private let state = Mutex(State())
  /// Counts what threads may take: one for each name, one for each thread that is to end.
  private let turns: Int32
  private let lookup: any NameLookup
  private let threadLimit: Int
  private let queueLimit: Int
  private let deliver: Delivery

  /// - Parameter deliver: called on a resolver thread, once for each name that was taken.
  init(
    lookup: any NameLookup, threads: Int, queue: Int, deliver: @escaping Delivery
  ) throws(TransferError) {
    turns = eventfd(0, Int32(EFD_SEMAPHORE | EFD_CLOEXEC))
    guard turns >= 0 else { throw .overloaded("the process is out of descriptors") }
    self.lookup = lookup
    self.threadLimit = max(1, threads)
    self.queueLimit = queue
    self.deliver = deliver
  }

  deinit { close(turns) }

  /// Queues a name from any thread. False when too many wait.
  func ask(_ name: String) -> Bool {
    let isTaken = state.withLock { state in
      guard state.queue.count < queueLimit, !state.isStopped else { return false }
      if state.idle <= state.queue.count, state.threads < threadLimit {
        state.threads += 1
        NamedThread("resolver") { self.work() }.detach()
      }
      state.queue.append(name)
      return true
    }
    if isTaken { eventfd_write(turns, 1) }
    return isTaken
  }

  /// Lets the threads end. One that is inside the system's resolver ends when that returns; nobody waits.
  func stop() {
    let threads = state.withLock { state in
      state.isStopped = true
      return state.threads
    }
    if threads > 0 { eventfd_write(turns, eventfd_t(threads)) }
  }

  private func work() {
    while let name = next() {
      do throws(LookupFailure) {
        deliver(name, .success(try lookup.addresses(of: name)))
      } catch {
        deliver(name, .failure(error))
      }
    }
  }

  private func next() -> String? {
    state.withLock { $0.idle += 1 }
    var turn = eventfd_t()
    while unsafe eventfd_read(turns, &turn) != 0 {}
    return state.withLock { state in
      state.idle -= 1
      return state.isStopped || state.queue.isEmpty ? nil : state.queue.removeFirst()
    }
  }
}
