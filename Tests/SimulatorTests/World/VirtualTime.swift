import RelayModel

/// Both clocks of a machine: the monotonic one only passes, the wall clock is also set by people.
///
/// Sendable because a run uses one thread.
final class VirtualTime: TimeSource, @unchecked Sendable {
  private var wall = Timestamp(seconds: 1_790_000_000)
  private var monotonic = Duration.seconds(1000)
  /// Whether the wall clock was ever set: afterwards it says nothing about how much time has passed.
  private(set) var wasSet = false

  func now() -> Timestamp { wall }
  func elapsed() -> Duration { monotonic }

  func pass(_ span: Duration) {
    wall = wall + span
    monotonic += span
  }

  func setWall(by span: Duration) {
    wall = wall + span
    wasSet = true
  }
}
