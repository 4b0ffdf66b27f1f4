internal import Glibc
package import RelayModel

/// The machine's clocks.
package struct SystemTime: TimeSource {
  package init() {}

  /// `clock_gettime(CLOCK_REALTIME)`.
  package func now() -> Timestamp {
    let time = read(CLOCK_REALTIME)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// `clock_gettime(CLOCK_BOOTTIME)`: goes on while the machine sleeps, never steps.
  package func elapsed() -> Duration {
    let time = read(CLOCK_BOOTTIME)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  private func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    precondition(unsafe clock_gettime(clock, &time) == 0, "the kernel has no clock \(clock)")
    return time
  }
}

/// The kernel's random numbers, through the standard library.
package struct SystemRandom: RandomSource {
  package init() {}

  package func bits() -> UInt64 { UInt64.random(in: .min ... .max) }
}
