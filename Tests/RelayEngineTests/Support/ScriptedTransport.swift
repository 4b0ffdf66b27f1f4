import RelayHTTP
import RelayModel
import Synchronization

/// A transport whose answers a test gives, one by one.
final class ScriptedTransport: Transport {
  struct Sent: Sendable {
    var request: OutgoingRequest
    var token: TransferToken
    var completion: Completion?
    var isCancelled = false

    func header(_ name: String) -> String? { request.headers.first(name) }
    var body: String { String(decoding: request.body, as: UTF8.self) }
  }

  private let requests = Mutex<[Sent]>([])

  /// Every request so far, in order.
  var sent: [Sent] { requests.withLock { $0 } }

  /// Those that were neither answered nor cancelled.
  var open: [Sent] { sent.filter { $0.completion != nil && !$0.isCancelled } }

  var count: Int { requests.withLock { $0.count } }

  /// The numbers of those open from `first` on, which spares a look at all of very many.
  func unanswered(from first: Int) -> [Int] {
    requests.withLock { requests in
      (first..<requests.count).filter { requests[$0].completion != nil && !requests[$0].isCancelled }
    }
  }

  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    requests.withLock {
      let token = TransferToken(number: UInt64($0.count))
      $0.append(Sent(request: request, token: token, completion: completion))
      return token
    }
  }

  func cancel(_ token: TransferToken) {
    let completion = requests.withLock { requests in
      requests[Int(token.number)].isCancelled = true
      return requests[Int(token.number)].completion.take()
    }
    completion?(.failure(.cancelled(.sent)))
  }

  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) {}

  /// Answers the oldest open request, or the one with `number`.
  func answer(_ status: Int, _ headers: [(String, String)] = [], _ body: String = "", number: Int? = nil) {
    end(
      .success(
        HTTPAnswer(
          status: status, headers: HeaderFields(headers), body: Array(body.utf8), url: "https://x.example/")),
      number)
  }

  func fail(_ error: TransferError, number: Int? = nil) { end(.failure(error), number) }

  private func end(_ result: Result<HTTPAnswer, TransferError>, _ number: Int?) {
    let completion = requests.withLock { requests in
      let index = number ?? requests.firstIndex { $0.completion != nil && !$0.isCancelled }
      return index.flatMap { requests[$0].completion.take() }
    }
    completion?(result)
  }
}
