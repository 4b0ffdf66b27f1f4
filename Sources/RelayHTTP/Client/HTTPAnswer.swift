package import RelayModel

/// A whole answer: status line, fields and body were read to their end, whatever the status.
package struct HTTPAnswer: Sendable {
  /// 200 to 999: a final status.
  package var status: Int
  /// The fields of the final answer, without those of 1xx answers and trailers. Names as sent.
  package var headers: HeaderFields
  /// As sent, not decompressed; at most the request's `maxAnswer`.
  package var body: [UInt8]
  /// The URL that answered: the request's own, or the last redirect's.
  package var url: String
  /// The address that answered; nil over a Unix socket.
  package var address: IPAddress?
  /// Whether the request went over a connection that was already there.
  package var onKeptConnection: Bool

  package init(
    status: Int, headers: HeaderFields, body: [UInt8], url: String, address: IPAddress? = nil,
    onKeptConnection: Bool = false
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.url = url
    self.address = address
    self.onKeptConnection = onKeptConnection
  }
}
