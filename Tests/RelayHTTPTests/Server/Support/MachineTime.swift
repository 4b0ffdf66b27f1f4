import Glibc
import RelayModel

/// The machine's clocks.
struct MachineTime: TimeSource {
  func now() -> Timestamp { Timestamp(milliseconds: Self.nanoseconds(CLOCK_REALTIME) / 1_000_000) }
  func elapsed() -> Duration { .nanoseconds(Self.nanoseconds(CLOCK_MONOTONIC)) }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
