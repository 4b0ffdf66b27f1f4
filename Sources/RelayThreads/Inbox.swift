internal import CLinux
internal import Glibc
package import Synchronization

/// Values handed from any thread to the one that owns the inbox, in order, and the wait for them.
///
/// Only a sleeping owner is woken, by one write to an eventfd; one that works finds the values when it looks
/// next. It sleeps in the kernel, with or without a deadline, and never polls.
///
/// What moves values is inlinable, so that it is compiled for the values of each owner: a version for all kinds
/// looks their type up at every step.
package final class Inbox<Element: Sendable>: Sendable {
  @usableFromInline struct State {
    @usableFromInline var values: [Element] = []
    @usableFromInline var ownerSleeps = false

    @usableFromInline init() {}

    /// Whether the owner has to be woken, which is then under way.
    @inlinable mutating func wakes() -> Bool {
      guard ownerSleeps, !values.isEmpty else { return false }
      ownerSleeps = false
      return true
    }
  }

  @usableFromInline let state = Mutex(State())
  private let wakeup: Int32

  package init() {
    wakeup = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    precondition(wakeup >= 0, "the process has no descriptor left for a thread's inbox")
  }

  deinit { close(wakeup) }

  /// Any thread.
  @inlinable package func put(_ value: Element) {
    let wakes = state.withLock { state in
      state.values.append(value)
      return state.wakes()
    }
    if wakes { signal() }
  }

  /// Any thread, for one value of many: a sleeping owner sleeps on until `wake`, which the caller owes it.
  @inlinable package func add(_ value: Element) { state.withLock { $0.values.append(value) } }

  /// Any thread: wakes the owner where it sleeps and something has come.
  @inlinable package func wake() {
    if state.withLock({ $0.wakes() }) { signal() }
  }

  /// The owner: everything that has come, without waiting.
  @inlinable package func take() -> [Element] {
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
  @inlinable package func wait(atMost patience: Duration?) -> [Element] {
    let mustSleep = state.withLock { state in
      state.ownerSleeps = state.values.isEmpty
      return state.ownerSleeps
    }
    if mustSleep { rest(atMost: patience) }
    return take()
  }

  @usableFromInline func signal() { eventfd_write(wakeup, 1) }

  @usableFromInline func rest(atMost patience: Duration?) {
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
