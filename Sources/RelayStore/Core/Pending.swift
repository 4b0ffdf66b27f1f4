/// A transition that waits, with whoever wants its answer.
protocol PendingTransition: AnyObject, Sendable {
  var weight: Int { get }
  var needsRoom: Bool { get }
  /// Applies it and keeps the answer until the commit is done.
  func apply(_ transaction: inout WriteTransaction) throws(StoreError)
  /// Keeps a refusal in place of an answer.
  func refuse(_ error: StoreError)
  /// Tells what was kept. Called once, after the commit.
  func tell()
}

/// Sendable because it is made by one thread, handed over by the mailbox's lock, and used by the
/// committer alone from then on.
final class Pending<T: Transition>: PendingTransition, @unchecked Sendable {
  private let transition: T
  private let completion: @Sendable (Result<T.Answer, StoreError>) -> Void
  private var result: Result<T.Answer, StoreError> = .failure(.closing)
  let weight: Int

  init(_ transition: consuming T, completion: @escaping @Sendable (Result<T.Answer, StoreError>) -> Void) {
    weight = transition.weight
    self.transition = transition
    self.completion = completion
  }

  var needsRoom: Bool { transition.needsRoom }

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    result = .success(try transition.apply(&transaction))
  }

  func refuse(_ error: StoreError) { result = .failure(error) }

  func tell() { completion(result) }
}
