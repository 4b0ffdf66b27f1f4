internal import CLinux
internal import Glibc
internal import RelayModel

/// Counts how often something has happened, for a thread that waits for it: an eventfd(2) as a semaphore.
final class Flag: Sendable {
  private let descriptor: Int32

  init() throws(ServerError) {
    descriptor = eventfd(0, Int32(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw .systemFailed(call: "eventfd", why: reason(errno)) }
  }

  deinit { close(descriptor) }

  /// Any thread.
  func raise() { eventfd_write(descriptor, 1) }

  /// Blocks until it was raised once more, or until `deadline` on `time`'s clock that never steps; false then.
  func wait(until deadline: Duration, _ time: any TimeSource) -> Bool {
    while true {
      var count: UInt64 = 0
      if unsafe eventfd_read(descriptor, &count) == 0 { return true }
      let left = deadline - time.elapsed()
      guard left > .zero else { return false }
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      unsafe _ = poll(&polled, 1, Int32(clamping: left.wholeMilliseconds + 1))
    }
  }
}
