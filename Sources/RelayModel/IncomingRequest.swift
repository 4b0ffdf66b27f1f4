/// A request as it came, before anybody interpreted it.
package struct IncomingRequest: Sendable {
  package var method: String
  /// The request target as sent: path and query, percent-encoding untouched.
  package var target: String
  package var headers: HeaderFields
  package var body: [UInt8]
  package var receivedAt: Timestamp
  /// The peer's address as text, without port: the client's own where a trusted proxy names it.
  package var client: String

  package init(
    method: String, target: String, headers: HeaderFields, body: [UInt8], receivedAt: Timestamp,
    client: String
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.receivedAt = receivedAt
    self.client = client
  }

  /// The target up to its first `?`.
  package var path: Substring { target.prefix { $0 != "?" } }

  /// The raw query after the first `?`; nil where there is none.
  package var query: Substring? {
    guard let mark = target.firstIndex(of: "?") else { return nil }
    return target[target.index(after: mark)...]
  }
}
