package import RelayModel

/// A request of which the header fields have come, and the body has not.
package struct RequestHead: Sendable {
  package var method: String
  /// The request target as sent: path and query, percent-encoding untouched.
  package var target: String
  package var headers: HeaderFields
  /// The size of the body where it was declared; nil for a chunked one. 0 where there is none.
  package var declaredLength: Int?
  package var receivedAt: Timestamp
  /// The peer's address as text, without port; `unix` on a unix socket.
  package var client: String
  /// The user at the other end of a unix socket; nil on TCP.
  package var peerUserID: UInt32?

  package init(
    method: String, target: String, headers: HeaderFields, declaredLength: Int?, receivedAt: Timestamp,
    client: String, peerUserID: UInt32? = nil
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.declaredLength = declaredLength
    self.receivedAt = receivedAt
    self.client = client
    self.peerUserID = peerUserID
  }

  /// The target up to its first `?`.
  package var path: Substring { target.targetPath }
}

/// What a responder says to a request before its body is read.
package enum Admission: Sendable {
  /// Collect the body, up to `limit`; a longer one is refused with 413.
  case receive(limit: ByteCount)
  /// The answer is known without the body.
  case answer(HTTPResponse)
}

/// What a server asks for each request. Both functions run on the loop thread that owns the connection and
/// must not block: others' requests wait behind them.
package protocol Responder: Sendable {
  /// Called when the header fields are complete and the request is sound.
  func admit(_ head: borrowing RequestHead) -> Admission

  /// Called with the whole request. Returns the answer, or nil to give it later through `exchange`.
  func respond(to request: IncomingRequest, exchange: Exchange) -> HTTPResponse?
}
