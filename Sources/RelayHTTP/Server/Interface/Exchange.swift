internal import Synchronization

/// A request that waits for its answer, as the responder keeps it.
///
/// It may be answered from any thread, exactly once; a second answer is a programmer's error. One that is
/// dropped without an answer answers 503, so that no client waits for ever.
package final class Exchange: Sendable {
  /// Where the answer goes.
  enum Destination: Sendable {
    case connection(ServerConnection, serial: UInt64)
    case function(@Sendable (HTTPResponse) -> Void)
  }

  /// The user at the other end of a unix socket; nil on TCP.
  package let peerUserID: UInt32?

  private let destination: Destination
  private let isAnswered = Atomic(false)

  init(to destination: Destination, peerUserID: UInt32?) {
    self.destination = destination
    self.peerUserID = peerUserID
  }

  /// An exchange without a server: for tests of responders.
  package convenience init(peerUserID: UInt32? = nil, answer: @escaping @Sendable (HTTPResponse) -> Void) {
    self.init(to: .function(answer), peerUserID: peerUserID)
  }

  /// Hands `response` over for sending; returns before it is sent. Cheap, and never blocks on the network.
  package func answer(_ response: HTTPResponse) {
    let isSecond = isAnswered.exchange(true, ordering: .relaxed)
    precondition(!isSecond, "an exchange is answered once")
    deliver(response)
  }

  /// The answer was given another way: by the responder's return.
  func settle() {
    let isSecond = isAnswered.exchange(true, ordering: .relaxed)
    precondition(!isSecond, "an exchange is answered once: by the return, or later")
  }

  private func deliver(_ response: HTTPResponse) {
    switch destination {
    case .connection(let connection, let serial):
      connection.inbox.post(LoopInbox.Answer(connection: connection, serial: serial, response: response))
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
