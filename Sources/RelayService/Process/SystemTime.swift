internal import CLinux
internal import Glibc
package import RelayModel

/// The machine's clocks.
package struct SystemTime: TimeSource {
  package init() {}

  /// `clock_gettime(CLOCK_REALTIME)`.
  package func now() -> Timestamp { Timestamp(milliseconds: read(CLOCK_REALTIME) / 1_000_000) }

  /// `clock_gettime(CLOCK_BOOTTIME)`: goes on while the machine sleeps, never steps.
  package func elapsed() -> Duration { .nanoseconds(read(CLOCK_BOOTTIME)) }

  private func read(_ clock: clockid_t) -> Int64 {
    let nanoseconds = petrel_clock_nanoseconds(clock)
    precondition(nanoseconds >= 0, "the kernel has no clock \(clock)")
    return nanoseconds
  }
}

/// The kernel's random numbers, through the standard library.
package struct SystemRandom: RandomSource {
  package init() {}

  package func bits() -> UInt64 { UInt64.random(in: .min ... .max) }
}
