import RelayModel

/// SplitMix64: one seed decides every number. Streams of the same seed under different names do not
/// disturb each other, so that a change in what the engine draws leaves the scenario as it was.
///
/// Sendable because a run uses one thread.
final class SeededRandom: RandomSource, @unchecked Sendable {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// The stream `name` of `seed`.
  init(_ seed: UInt64, stream name: String) {
    // FNV-1a, because `Hasher` differs from process to process.
    state = name.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
  }

  func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// In `0..<bound`.
  func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }

  func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// Programmer error where there is nothing to choose from.
  func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  /// Nil where there is nothing to choose from.
  func any<Element>(of choices: [Element]) -> Element? { choices.isEmpty ? nil : pick(choices) }

  func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(within(range)) }
}
