internal import Glibc
internal import Synchronization

/// A counting semaphore for threads that wait: `sem_t`.
///
/// Safe and Sendable because the memory is owned here for as long as anybody can reach it, and `sem_*`
/// may be called by any thread.
@safe final class Semaphore: @unchecked Sendable {
  private let memory: UnsafeMutablePointer<sem_t>

  init() {
    unsafe memory = .allocate(capacity: 1)
    unsafe memory.initialize(to: sem_t())
    unsafe sem_init(memory, 0, 0)
  }

  deinit {
    unsafe sem_destroy(memory)
    unsafe memory.deallocate()
  }

  /// `sem_post`.
  func signal() { unsafe sem_post(memory) }

  /// `sem_wait`, again after a signal handler.
  func wait() {
    while unsafe sem_wait(memory) != 0 {}
  }
}

/// One answer that a thread waits for.
final class AwaitedAnswer<Answer: Sendable>: Sendable {
  private let result = Mutex<Result<Answer, StoreError>?>(nil)
  private let came = Semaphore()

  func put(_ answer: Result<Answer, StoreError>) {
    result.withLock { $0 = answer }
    came.signal()
  }

  func wait() -> Result<Answer, StoreError> {
    came.wait()
    return result.withLock { $0 } ?? .failure(.closing)
  }
}
