import Synchronization

@testable import RelayStore

/// Collects answers from a committer.
final class Answers<Answer: Sendable>: Sendable {
  private let collected = Mutex<[Result<Answer, StoreError>]>([])

  func put(_ answer: Result<Answer, StoreError>) { collected.withLock { $0.append(answer) } }
  var all: [Result<Answer, StoreError>] { collected.withLock { $0 } }
}
