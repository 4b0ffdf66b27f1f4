internal import CLinux
internal import RelayThreads
internal import Synchronization

/// The thread that runs a loop.
final class LoopThread: Sendable {
  private let thread: Mutex<NamedThread?>

  init(_ loop: ServerLoop) {
    thread = Mutex(
      NamedThread(loop.name) {
        // 0.1 ms: what wakes a loop should not wait out another thread's tick. Older kernels refuse.
        _ = petrel_short_slices(100_000)
        loop.run()
      })
  }

  /// Blocks until the loop has ended.
  func join() { thread.withLock { $0.take() }?.join() }
}
