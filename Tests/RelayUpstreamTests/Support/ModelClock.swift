import RelayModel
import Synchronization

/// Both clocks of a machine, moved by hand.
final class ModelClock: TimeSource {
  private let passed = Mutex(Duration.zero)

  func now() -> Timestamp { Timestamp(seconds: 1_790_000_000) + elapsed() }
  func elapsed() -> Duration { passed.withLock { $0 } }
  func pass(_ span: Duration) { passed.withLock { $0 += span } }
}

/// SplitMix64: a seed decides everything.
final class ModelRandom: RandomSource {
  private let state: Mutex<UInt64>

  init(_ seed: UInt64) { state = Mutex(seed) }

  func bits() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }
}
