internal import Glibc

/// A door that one thread waits at and another opens; each opening lets one waiter through.
///
/// `@unchecked Sendable`: a POSIX semaphore is made for use by several threads; its memory stays where it is.
@safe package final class Latch: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  package init() {
    precondition(unsafe sem_init(semaphore, 0, 0) == 0, "a semaphore of this process starts at zero")
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  package func open() {
    precondition(unsafe sem_post(semaphore) == 0, "a latch is opened less often than 2^31 times")
  }

  package func wait() {
    while unsafe sem_wait(semaphore) != 0 {}
  }
}
