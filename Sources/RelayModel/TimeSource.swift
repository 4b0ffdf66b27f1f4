/// Where the relay reads the time: passed in, so that the simulator's clock can stand in for the
/// machine's.
package protocol TimeSource: Sendable {
  /// The wall clock: for what is stored, printed, or compared with a sender's timestamp.
  func now() -> Timestamp
  /// A clock that never steps, as time since an arbitrary start: for deadlines inside the process.
  func elapsed() -> Duration
}

/// Where the relay draws random numbers: passed in, so that a simulator's seed decides them.
package protocol RandomSource: Sendable {
  /// 64 uniformly distributed bits.
  func bits() -> UInt64
}

extension RandomSource {
  /// A number in `0..<1`.
  package func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }
}
