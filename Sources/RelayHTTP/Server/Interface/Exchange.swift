internal import Synchronization

/// A request that waits for its answer, as the responder keeps it.
///
/// It may be answered from any thread, exactly once; a second answer is a programmer's error. One that is
/// dropped without an answer answers 503, so that no client waits for ever.
package final class Exchange: Sendable {
  /// Where the answer goes.
  enum Destination: Sendable {
    case function(@Sendable (HTTPResponse) -> Void)
  }

  private let destination: Destination
  private let isAnswered = Atomic(false)

  init(to destination: Destination) { self.destination = destination }

  /// An exchange without a server: for tests of responders.
  package convenience init(answer: @escaping @Sendable (HTTPResponse) -> Void) {
    self.init(to: .function(answer))
  }

  /// Hands `response` over for sending; returns before it is sent. Cheap, and never blocks on the network.
  package func answer(_ response: HTTPResponse) {
    let isSecond = isAnswered.exchange(true, ordering: .relaxed)
    precondition(!isSecond, "an exchange is answered once")
    deliver(response)
  }

  private func deliver(_ response: HTTPResponse) {
    switch destination {
    case .function(let function): function(response)
    }
  }

  deinit {
    if !isAnswered.load(ordering: .relaxed) {
      deliver(
        .problem(
          status: 503, code: "unanswered", title: "The request was not answered",
          detail: "The relay dropped the request; it was not accepted. Send it again."))
    }
  }
}
