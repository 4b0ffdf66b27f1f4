internal import CLinux
internal import Glibc
internal import RelayModel

/// A gate that stays open once it was opened, and the wait for that: an eventfd(2) that nobody reads.
final class Gate: Sendable {
  private let descriptor: Int32

  init() throws(ServerError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw .systemFailed(call: "eventfd", why: reason(errno)) }
  }

  deinit { close(descriptor) }

  /// Any thread.
  func open() { eventfd_write(descriptor, 1) }

  /// Blocks until it is open, or until `deadline` on `time`'s clock that never steps; false then.
  func wait(until deadline: Duration, _ time: any TimeSource) -> Bool {
    while true {
      let left = max(.zero, deadline - time.elapsed())
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&polled, 1, Int32(clamping: left.wholeMilliseconds)) > 0 { return true }
      if left == .zero { return false }
    }
  }
}
