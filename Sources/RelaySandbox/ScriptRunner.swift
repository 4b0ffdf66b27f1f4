/// Names one started script, for its cancellation. Never reused within a runner's life.
package struct ScriptToken: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// What runs scripts: the sandbox in production, a model in tests and in the simulator.
package protocol ScriptRunner: Sendable {
  /// A value as JSON text.
  typealias Completion = @Sendable (Result<[UInt8], ScriptFailure>) -> Void

  /// Starts a script from any thread and returns at once. `completion` is called at most once, on a thread of
  /// the runner's: it must be cheap and must not block. It is not called for a script that was cancelled in time.
  func start(_ script: Script, completion: @escaping Completion) -> ScriptToken

  /// Ends a script that waits or runs; one that has ended is left alone.
  func cancel(_ token: ScriptToken)
}
