import CLinux
import Glibc

/// Something that has happened, once for each `raise`.
final class AsyncSignal: Sendable {
  private let descriptor = eventfd(0, Int32(EFD_SEMAPHORE))

  deinit { close(descriptor) }

  func raise() { eventfd_write(descriptor, 1) }

  /// False when it does not happen within the time.
  func wait(seconds: Int32) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&polled, 1, seconds * 1000) == 1 else { return false }
    var count: UInt64 = 0
    return unsafe eventfd_read(descriptor, &count) == 0
  }
}
