internal import CLinux
internal import Glibc
internal import Synchronization

/// Values handed from any thread to the one that owns the inbox, in order, and the wait for them.
///
/// A batch wakes its receiver once: the first value of an empty inbox writes the eventfd, the others find
/// it written. The owner sleeps in the kernel, with or without a deadline, and never polls.
package final class Inbox<Element: Sendable>: Sendable {
  private let values = Mutex<[Element]>([])
  private let wakeup: Int32

  package init() {
    wakeup = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    precondition(wakeup >= 0, "the process has no descriptor left for a thread's inbox")
  }

  deinit { close(wakeup) }

  /// Any thread.
  package func put(_ value: Element) {
    let wasEmpty = values.withLock { values in
      values.append(value)
      return values.count == 1
    }
    if wasEmpty { eventfd_write(wakeup, 1) }
  }

  /// The owner: everything that has come, without waiting.
  package func take() -> [Element] {
    var ignored: eventfd_t = 0
    _ = unsafe eventfd_read(wakeup, &ignored)
    return values.withLock { values in
      var taken: [Element] = []
      swap(&taken, &values)
      return taken
    }
  }

  /// The owner: waits until something has come or `patience` is over, then takes everything. Nil waits
  /// without end.
  package func wait(atMost patience: Duration?) -> [Element] {
    var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
    guard let patience else {
      // An interruption by a signal ends the wait early with nothing taken, which the owner bears.
      _ = unsafe poll(&descriptor, 1, -1)
      return take()
    }
    let clamped = max(.zero, min(patience, .seconds(3600)))
    var span = timespec(
      tv_sec: Int(clamped.components.seconds),
      tv_nsec: Int(clamped.components.attoseconds / 1_000_000_000))
    _ = unsafe petrel_poll(&descriptor, 1, &span)
    return take()
  }
}
