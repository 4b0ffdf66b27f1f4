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
  package var path: Substring { target.targetPath }

  /// The raw query after the first `?`; nil where there is none.
  package var query: Substring? {
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
    return target[target.utf8.index(after: mark)...]
  }
}

extension String {
  /// A request target up to its first `?`. By bytes: finding whole characters costs ten times as much.
  package var targetPath: Substring {
    let bytes = utf8Span.span
    for index in bytes.indices where bytes[index] == UInt8(ascii: "?") {
      return self[..<utf8.index(startIndex, offsetBy: index)]
    }
    return self[...]
  }
}

extension Substring {
  /// What follows `prefix`, compared by bytes; nil where something else stands there.
  package func dropping(prefix: StaticString) -> Substring? {
    let bytes = utf8Span.span
    let count = prefix.utf8CodeUnitCount
    guard bytes.count >= count else { return nil }
    for index in 0..<count where unsafe bytes[index] != prefix.utf8Start[index] { return nil }
    return self[utf8.index(startIndex, offsetBy: count)...]
  }
}
