internal import RelayThreads
internal import Synchronization

/// Names one started transfer, for its cancellation. Never reused within a transport's life.
package struct TransferToken: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// What sends requests: the client in production, a model of misbehaving destinations in the simulator.
package protocol Transport: Sendable {
  typealias Completion = @Sendable (Result<HTTPAnswer, TransferError>) -> Void

  /// Starts a transfer from any thread and returns at once. `completion` is called exactly once, on
  /// the transport's thread: it must be cheap, must not block, and may call `start` and `cancel`.
  /// One attempt is at most one request on the wire for each hop; nothing is resent behind the
  /// caller's back.
  @discardableResult
  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken

  /// Ends a transfer with `.cancelled`; one that has ended already is left alone.
  func cancel(_ token: TransferToken)

  /// Adds a hook that is called on the transport's thread after each batch of completions, so that a
  /// receiver is woken once a batch. Add hooks before the first `start`.
  func afterEachBatch(_ hook: @escaping @Sendable () -> Void)
}

extension Transport {
  /// Sends `request` and waits for its end: for commands, which have nothing else to do. Never on the
  /// transport's own thread.
  package func perform(_ request: OutgoingRequest) -> Result<HTTPAnswer, TransferError> {
    let outcome = Outcome()
    start(request) { result in
      outcome.result.withLock { $0 = result }
      outcome.latch.open()
    }
    outcome.latch.wait()
    return outcome.result.withLock { $0 }
  }
}

/// What `perform` waits for.
private final class Outcome: Sendable {
  let latch = Latch()
  let result = Mutex(Result<HTTPAnswer, TransferError>.failure(.closing))
}
