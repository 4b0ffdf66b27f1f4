package import RelayModel

/// A step whose branches are under way side by side: who waits for them, and how far they have come. Stored
/// under the root and the path of the step until the step is over, or deleted with its execution.
package struct ForkRecord: Sendable, Hashable {
  /// Why a branch failed.
  package struct Fault: Sendable, Hashable {
    package var turn: UInt32
    /// The step that failed.
    package var at: StepPath
    package var failure: Failure
  }

  /// The execution or strand that is parked until all is over.
  package var owner: RecordKey
  /// How many branches, or turns, there are.
  package var turns: UInt32
  /// How many may be under way at once.
  package var width: UInt32
  /// The next that has not begun.
  package var next: UInt32 = 0
  /// Strands that have not ended.
  package var open: UInt32 = 0
  /// Of those that failed the first in the document.
  package var fault: Fault?
  /// A retry: what was not over is to go on when its owner comes by.
  package var isHeld = false
  /// A branch came to a `stop`.
  package var stopped = false

  package init(owner: RecordKey, turns: UInt32, width: UInt32) {
    self.owner = owner
    self.turns = turns
    self.width = width
  }

  /// Nothing more begins: what is under way comes to its end.
  var isHalted: Bool { fault != nil || stopped }
  /// Whether another branch may begin beside those that are open.
  var mayBegin: Bool { !isHalted && next < turns && open < width }
}

/// Branches to be walked side by side, as the walk asks for them.
package struct NewFork: Sendable, Hashable {
  package var block: StepPath
  package var turns: UInt32
  package var width: UInt32

  /// At least one turn, and a width of at least one.
  package init(block: StepPath, turns: UInt32, width: UInt32) {
    precondition(turns > 0 && width > 0, "a fork has branches")
    self.block = block
    self.turns = turns
    self.width = width
  }
}
