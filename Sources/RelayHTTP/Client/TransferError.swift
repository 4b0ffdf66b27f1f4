package import RelayModel

/// Why a request got no answer. Every case says whether it may be tried again and whether the
/// request may have reached the server; no case carries a path, a query, a header or a body.
package enum TransferError: Error, Hashable, Sendable {
  /// How far a transfer had come when it ended.
  package enum Progress: Hashable, Sendable {
    /// Nothing of the request was sent: the server cannot have acted on it.
    case notSent
    /// Sent, or partly so, on a connection made for it.
    case sent
    /// Sent on a kept connection, which the server may have been closing: worth an immediate second try.
    case sentOnKeptConnection
  }

  // Refused here, and as often as it is tried: mend the request or the configuration.
  case badURL(String)
  case badRequest(String)
  case forbiddenAddress(host: String, address: IPAddress?, why: String)
  case tooManyRedirects(limit: Int)
  case badRedirect(String)

  // The network's doing: try again.
  case resolve(host: String, message: String)
  case connect(Destination, message: String)
  case tls(Destination, message: String)
  case timeout(Destination, after: Duration, Progress)
  case reset(Destination, message: String, Progress)
  case garbled(Destination, message: String, Progress)
  case answerTooLarge(Destination, limit: ByteCount, Progress)
  case proxy(message: String)

  // Our own doing.
  case cancelled(Progress)
  /// Too many names wait for the resolver, or the process is out of descriptors or memory.
  case overloaded(String)
  /// The client was stopped.
  case closing
}

extension TransferError {
  /// The stable text for machines: logs, metrics, and `failure.code` in a workflow.
  package var code: String {
    switch self {
    case .badURL: "bad_url"
    case .badRequest: "bad_request"
    case .forbiddenAddress: "forbidden_address"
    case .tooManyRedirects: "too_many_redirects"
    case .badRedirect: "bad_redirect"
    case .resolve: "resolve_failed"
    case .connect: "connect_failed"
    case .tls: "tls_failed"
    case .timeout: "timeout"
    case .reset: "connection_lost"
    case .garbled: "garbled_answer"
    case .answerTooLarge: "answer_too_large"
    case .proxy: "proxy_failed"
    case .cancelled: "cancelled"
    case .overloaded: "client_overloaded"
    case .closing: "closing"
    }
  }

  /// Whether the same request may succeed later. A refusal of our own may not.
  package var isRetryable: Bool {
    switch self {
    case .badURL, .badRequest, .forbiddenAddress, .tooManyRedirects, .badRedirect, .cancelled: false
    case .resolve, .connect, .tls, .timeout, .reset, .garbled, .answerTooLarge, .proxy, .overloaded, .closing:
      true
    }
  }

  /// How far the request had come; `.notSent` proves that the server did not act on it.
  package var progress: Progress {
    switch self {
    case .timeout(_, _, let progress), .reset(_, _, let progress), .garbled(_, _, let progress),
      .answerTooLarge(_, _, let progress), .cancelled(let progress):
      progress
    // A redirect is followed only after an answer: the first server has acted.
    case .tooManyRedirects, .badRedirect: .sent
    case .badURL, .badRequest, .forbiddenAddress, .resolve, .connect, .tls, .proxy, .overloaded, .closing:
      .notSent
    }
  }

  /// Whether the request may have reached the server, so that a repeat may do its work twice.
  package var mayHaveArrived: Bool { progress != .notSent }

  /// Whether the destination counts as unwell for its circuit breaker.
  package var blamesDestination: Bool {
    switch self {
    case .resolve, .connect, .tls, .timeout, .reset, .garbled, .answerTooLarge, .proxy: true
    case .badURL, .badRequest, .forbiddenAddress, .tooManyRedirects, .badRedirect, .cancelled, .overloaded,
      .closing:
      false
    }
  }
}
