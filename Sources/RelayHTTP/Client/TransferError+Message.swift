internal import RelayModel

extension TransferError {
  /// What failed, on what, and what to do about it, for people. Holds no secret.
  package var message: String {
    switch self {
    case .badURL(let why): why
    case .badRequest(let why): why
    case .forbiddenAddress(let host, let address, let why): Self.forbidden(host, address, why)
    case .tooManyRedirects(let limit):
      "the answer redirects more than \(limit) times: raise `follow` or call the final URL"
    case .badRedirect(let why): "the redirect was not followed: \(why)"
    case .resolve(let host, let message):
      "the name \(host) could not be resolved: \(message); check its spelling and this machine's DNS"
    case .connect(let destination, let message):
      "no connection to \(destination): \(message); check that it is up and reachable from here"
    case .tls(let destination, let message):
      "no secure connection to \(destination): \(message); check its certificate and its name"
    case .timeout(let destination, let span, let progress):
      "\(destination) did not \(progress == .notSent ? "accept the request" : "answer") within \(span.text)"
    case .reset(let destination, let message, _): "the connection to \(destination) was lost: \(message)"
    case .garbled(let destination, let message, _):
      "\(destination) answered with what is not HTTP: \(message)"
    case .answerTooLarge(let destination, let limit, _):
      "the answer of \(destination) is larger than \(limit.text)"
    case .proxy(let message): "the proxy of `egress.proxy` failed: \(message)"
    case .cancelled: "the request was cancelled"
    case .overloaded(let why): "the relay could not send the request now: \(why)"
    case .closing: "the relay is shutting down"
    }
  }

  private static func forbidden(_ host: String, _ address: IPAddress?, _ why: String) -> String {
    let target = address.map { "\($0)" }.flatMap { $0 == host ? nil : "\(host) (\($0))" } ?? host
    return "\(target) must not be called: \(why)"
  }
}
