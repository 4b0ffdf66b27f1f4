/// A transition that waits, with whoever wants its answer.
///
/// What depends on the kind of transition lies in closures, which the compiler makes for that kind; as a generic
/// class, it would look its types up at every use.
///
/// Sendable because it is made by one thread, handed over by the mailbox's lock, and used by the
/// committer alone from then on.
final class Pending: @unchecked Sendable {
  private typealias Tell = @Sendable () -> Void

  let weight: Int
  let needsRoom: Bool
  private let perform: @Sendable (inout WriteTransaction) throws(StoreError) -> Tell
  private let fail: @Sendable (StoreError) -> Void
  /// How the answer is told; nil before there is one.
  private var answer: Tell?

  init<T: Transition>(
    _ transition: T, completion: @escaping @Sendable (Result<T.Answer, StoreError>) -> Void
  ) {
    weight = transition.weight
    needsRoom = transition.needsRoom
    perform = { (transaction) throws(StoreError) in
      let answer = try transition.apply(&transaction)
      return { completion(.success(answer)) }
    }
    fail = { completion(.failure($0)) }
  }

  /// Applies it and keeps the answer until the commit is done.
  func apply(_ transaction: inout WriteTransaction) throws(StoreError) { answer = try perform(&transaction) }

  /// Keeps a refusal in place of an answer.
  func refuse(_ error: StoreError) { answer = { [fail] in fail(error) } }

  /// Tells what was kept. Called once, after the commit.
  func tell() {
    if let answer { answer() } else { fail(.closing) }
  }
}
