package import RelayModel

/// A request to somebody else's server, as the client sends it.
package struct OutgoingRequest: Sendable {
  /// A token, sent as it is spelt; `CONNECT` is refused.
  package var method: String
  /// Absolute, http or https; see `HTTPURL` for what is refused.
  package var url: String
  /// Sent in this order. Framing fields (`Host`, `Content-Length`, `Connection`, …) are the client's
  /// own and refused here, and so is a CR, LF or NUL in a name or a value.
  package var headers: HeaderFields
  /// Sent as it is, with its length; an empty one is none for GET, HEAD, DELETE and OPTIONS.
  package var body: [UInt8]
  /// For the whole attempt, from `start` to the last byte of the answer, redirects and name look-up
  /// included.
  package var timeout: Duration
  /// An answer whose body is larger is an error, and its connection is closed.
  package var maxAnswer: ByteCount
  /// How many redirects are followed; 0: a 3xx is simply the answer.
  package var follow: Int
  /// The host is written out in a workflow or the configuration, and may therefore be private.
  package var hostIsLiteral: Bool
  /// Never sent on a kept connection: for what must not be done twice, where a connection that the
  /// server was just closing would leave it unknown whether it was done.
  package var needsFreshConnection: Bool
  /// Speaks HTTP over this Unix socket instead of the network; the URL gives host and path only.
  package var unixSocket: String?

  package init(
    method: String, url: String, headers: HeaderFields = HeaderFields(), body: [UInt8] = [],
    timeout: Duration = .seconds(30), maxAnswer: ByteCount = .mebibytes(1), follow: Int = 0,
    hostIsLiteral: Bool = false, needsFreshConnection: Bool = false, unixSocket: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maxAnswer = maxAnswer
    self.follow = follow
    self.hostIsLiteral = hostIsLiteral
    self.needsFreshConnection = needsFreshConnection
    self.unixSocket = unixSocket
  }
}
