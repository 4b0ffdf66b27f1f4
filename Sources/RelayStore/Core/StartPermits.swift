internal import Synchronization

/// How many more executions may start now. The store takes a permit for an execution that starts
/// with its event; the engine takes them before it claims and gives them back when one parks or
/// ends. Any thread.
package final class StartPermits: Sendable {
  private let free: Atomic<Int>

  package init(_ count: Int) { self.free = Atomic(count) }

  /// At present; may be below zero after the limit was lowered.
  package var available: Int { free.load(ordering: .relaxed) }

  /// Takes one; false when there is none.
  package func take() -> Bool { take(upTo: 1) == 1 }

  /// Takes as many as there are, at most `count`. Answers how many.
  package func take(upTo count: Int) -> Int {
    var seen = free.load(ordering: .relaxed)
    while true {
      let taken = min(seen, count)
      guard taken > 0 else { return 0 }
      let (exchanged, found) = free.weakCompareExchange(
        expected: seen, desired: seen - taken, ordering: .acquiringAndReleasing)
      if exchanged { return taken }
      seen = found
    }
  }

  /// Takes `count` even where there are fewer: executions that ran before and must go on.
  package func takeRegardless(_ count: Int) { free.subtract(count, ordering: .acquiringAndReleasing) }

  package func giveBack(_ count: Int = 1) { free.add(count, ordering: .acquiringAndReleasing) }

  /// The limit was changed by `difference`.
  package func adjust(by difference: Int) { free.add(difference, ordering: .acquiringAndReleasing) }
}
