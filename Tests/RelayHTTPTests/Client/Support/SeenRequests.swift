import Synchronization

@testable import RelayHTTP

/// The requests that a server saw, in the order in which they came.
final class SeenRequests: Sendable {
  private let requests = Mutex<[RawRequest]>([])

  var all: [RawRequest] { requests.withLock { $0 } }

  func add(_ request: RawRequest) { requests.withLock { $0.append(request) } }
}
