package import RelayModel

/// What a commit brought about, told after it: hints to look, which may be lost in a crash because a
/// restart looks by itself.
package enum Notice: Sendable {
  /// An execution took a permit and runs: its first attempt is counted.
  case started(StartedExecution)
  /// Something became due at this instant: the earliest of the commit.
  case due(Timestamp)
  /// The outbox has a new entry.
  case outbox
  /// An execution was cancelled; if it ran, abort it and give back its permit. `revision` is the one it has
  /// since: a retry and a claim of the same commit may have set it running again under a higher one.
  case cancelled(RecordKey, revision: UInt32)
  /// A workflow has answered the request that its event came with.
  case answered(event: RecordKey, HookAnswer)
  /// An execution ended.
  case ended(RecordKey, ExecutionStatus)
  /// An event was accepted (not for duplicates).
  case accepted(RecordKey)
}
