internal import CLinux
internal import Glibc
internal import Synchronization

/// Values handed from any thread to the one that owns the inbox, in order, and the wait for them.
///
/// Only a sleeping owner is woken, by one write to an eventfd; one that works finds the values when it looks
/// next. It sleeps in the kernel, with or without a deadline, and never polls.
package final class Inbox<Element: Sendable>: Sendable {
  private struct State {
    var values: [Element] = []
    var ownerSleeps = false

    /// Whether the owner has to be woken, which is then under way.
    mutating func wakes() -> Bool {
      guard ownerSleeps, !values.isEmpty else { return false }
      ownerSleeps = false
      return true
    }
  }

  private let state = Mutex(State())
  private let wakeup: Int32

  package init() {
    wakeup = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    precondition(wakeup >= 0, "the process has no descriptor left for a thread's inbox")
  }

  deinit { close(wakeup) }

  /// Any thread.
  package func put(_ value: Element) {
    let wakes = state.withLock { state in
      state.values.append(value)
      return state.wakes()
    }
    if wakes { eventfd_write(wakeup, 1) }
  }

  /// Any thread, for one value of many: a sleeping owner sleeps on until `wake`, which the caller owes it.
  package func add(_ value: Element) { state.withLock { $0.values.append(value) } }

  /// Any thread: wakes the owner where it sleeps and something has come.
  package func wake() {
    if state.withLock({ $0.wakes() }) { eventfd_write(wakeup, 1) }
  }

  /// The owner: everything that has come, without waiting.
  package func take() -> [Element] {
    state.withLock { state in
      state.ownerSleeps = false
      guard !state.values.isEmpty else { return [] }
      // The next batch is about as large: its array is made once, not grown six times.
      var taken: [Element] = []
      taken.reserveCapacity(state.values.count)
      swap(&taken, &state.values)
      return taken
    }
  }

  /// The owner: waits until something has come or `patience` is over, then takes everything. Nil waits
  /// without end.
  package func wait(atMost patience: Duration?) -> [Element] {
    let mustSleep = state.withLock { state in
      state.ownerSleeps = state.values.isEmpty
      return state.ownerSleeps
    }
    if mustSleep { rest(atMost: patience) }
    return take()
  }

  private func rest(atMost patience: Duration?) {
    var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
    if let patience {
      let clamped = max(.zero, min(patience, .seconds(3600)))
      var span = timespec(
        tv_sec: Int(clamped.components.seconds),
        tv_nsec: Int(clamped.components.attoseconds / 1_000_000_000))
      _ = unsafe petrel_poll(&descriptor, 1, &span)
    } else {
      // An interruption by a signal ends the wait early with nothing taken, which the owner bears.
      _ = unsafe poll(&descriptor, 1, -1)
    }
    // A wake-up that crosses the deadline is written later, and ends the next wait early.
    var ignored: eventfd_t = 0
    _ = unsafe eventfd_read(wakeup, &ignored)
  }
}
