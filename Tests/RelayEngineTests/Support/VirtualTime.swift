import RelayModel
import Synchronization

/// Both clocks of a machine, moved by hand.
final class VirtualTime: TimeSource {
  private struct Clocks {
    var wall = Timestamp(seconds: 1_790_000_000)
    var elapsed = Duration.seconds(100)
  }

  private let clocks = Mutex(Clocks())

  func now() -> Timestamp { clocks.withLock { $0.wall } }
  func elapsed() -> Duration { clocks.withLock { $0.elapsed } }

  /// Time passes.
  func advance(by span: Duration) {
    clocks.withLock {
      $0.wall = $0.wall + span
      $0.elapsed += span
    }
  }

  /// Somebody sets the wall clock.
  func setWall(by span: Duration) { clocks.withLock { $0.wall = $0.wall + span } }
}

/// Always the same number.
struct FixedRandom: RandomSource {
  var unit: Double

  func bits() -> UInt64 { UInt64(unit * 0x1p53) << 11 }
}

/// Secrets by what they are written as.
struct FixedSecrets: SecretSource {
  var known: [String: String] = [:]

  func secret(_ reference: SecretReference) throws(SecretError) -> [UInt8] {
    guard let text = known["\(reference)"] else { throw SecretError(reference, "it is not set") }
    return Array(text.utf8)
  }
}

/// The machine's clocks.
struct MachineTime: TimeSource {
  private let start = ContinuousClock.now

  func now() -> Timestamp { Timestamp(seconds: 1_790_000_000) + elapsed() }
  func elapsed() -> Duration { start.duration(to: .now) }
}
