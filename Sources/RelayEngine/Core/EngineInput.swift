package import RelayHTTP
package import RelayModel
package import RelaySandbox
package import RelayStore

/// What comes to the engine from other threads: all through one inbox, in order.
package enum EngineInput: Sendable {
  /// What a commit brought about.
  case committed([Notice])
  /// What was under way when the process died before.
  case recovered(Result<RecoverAnswer, StoreError>)
  /// What was due. `permits` were taken for it.
  case claimed(Result<[StartedExecution], StoreError>, held: Int, limit: Int)
  /// The answer to the record of one execution.
  case recorded(RecordKey, run: UInt64, Result<AdvanceAnswer, StoreError>)
  /// The end of one transfer.
  case answered(RecordKey, transfer: UInt64, Result<HTTPAnswer, TransferError>)
  /// The end of one script.
  case scripted(RecordKey, transfer: UInt64, Result<[UInt8], ScriptFailure>)
  /// A breaker could not be kept.
  case breakerLost(StoreError)
  /// New limits from a reload.
  case configure(EngineConfiguration)
  /// Somebody wants to know whether the thread still takes its turns.
  case probe(@Sendable () -> Void)
  /// Begin nothing more. What still runs `patience` later is put down.
  case drain(patience: Duration)
}
