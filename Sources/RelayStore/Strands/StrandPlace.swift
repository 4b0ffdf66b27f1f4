package import RelayModel

/// What makes an execution record a strand: the hidden part of an execution that walks one branch of a step
/// whose branches are under way side by side.
///
/// A strand is due, claimed, counted, kept and recovered like every execution, and holds a permit while it
/// runs. What it does is recorded under its root: journal, attempts and keys are those of the one
/// execution that people know. It stands in no list and in no count, and is deleted when it has done its part.
package struct StrandPlace: Sendable, Hashable {
  /// The execution that it is a part of.
  package var root: RecordKey
  /// The step whose branches or turns are under way.
  package var block: StepPath
  /// The branch or turn that it walks.
  package var turn: UInt32
  /// Of its attempts those that its owner has counted already.
  package var attemptsBefore: Int

  package init(root: RecordKey, block: StepPath, turn: UInt32, attemptsBefore: Int) {
    self.root = root
    self.block = block
    self.turn = turn
    self.attemptsBefore = attemptsBefore
  }

  /// What its steps stand in.
  package var base: StepPath { block.item(turn) }
}

extension ExecutionRecord {
  /// The execution under which it records, where `key` is its own.
  package func root(_ key: RecordKey) -> RecordKey { strand?.root ?? key }

  /// When it goes on by itself; nil where something else has to wake it, while it runs, and after its end.
  package var dueAt: Timestamp? { due == .distantFuture ? nil : due }
}
