import RelayHTTP
import RelayModel
import Synchronization

/// Answers each request at once with the next of its statuses, then with 200.
final class ImmediateTransport: Transport {
  private struct State {
    var statuses: [Int] = []
    var sent: [OutgoingRequest] = []
  }

  private let state = Mutex(State())

  var statuses: [Int] {
    get { state.withLock { $0.statuses } }
    set { state.withLock { $0.statuses = newValue } }
  }

  var sent: [OutgoingRequest] { state.withLock { $0.sent } }

  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    let (status, number) = state.withLock { state in
      state.sent.append(request)
      return (state.statuses.isEmpty ? 200 : state.statuses.removeFirst(), state.sent.count)
    }
    completion(.success(HTTPAnswer(status: status, headers: HeaderFields(), body: [], url: request.url)))
    return TransferToken(number: UInt64(number))
  }

  func cancel(_ token: TransferToken) {}
  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) {}
}
