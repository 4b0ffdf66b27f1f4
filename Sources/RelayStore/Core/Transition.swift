/// A change of the store, as a value that says what changes. Applied whole or not at all, together
/// with all that wait, in one commit.
///
/// A transition checks before it writes, so that its refusal costs nobody else anything, and draws
/// on nothing but itself and the transaction, so that it can be applied again after a failed batch.
package protocol Transition: Sendable {
  associatedtype Answer: Sendable

  /// Roughly what it writes, in bytes: batches and the mailbox are bounded by the sum.
  var weight: Int { get }
  /// True where it may be refused for want of room; false where it frees room or ends something.
  var needsRoom: Bool { get }

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Answer
}

extension Transition {
  package var weight: Int { 512 }
  package var needsRoom: Bool { false }
}

/// What becomes of a commit in the simulator.
package enum CommitFate: Sendable {
  case commit
  /// The process dies before the commit: nothing of it is there afterwards.
  case crashBefore
  /// The process dies right after the commit: all of it is there, and nobody was told.
  case crashAfter
}
