package import RelayExpressions
package import RelayModel

extension ForwardStep {
  /// The event's method, body and end-to-end header fields, for another URL. The caller signs.
  package func render(_ event: IncomingRequest, in scope: some Scope) throws(StepError) -> RenderedRequest {
    let (url, hostIsLiteral) = try url.render(in: scope)
    var request = RenderedRequest(
      method: event.method, url: url, hostIsLiteral: hostIsLiteral, headers: passed(event.headers),
      body: event.body)
    for header in headers { try header.apply(to: &request, in: scope) }
    return request
  }

  /// Without what belongs to one connection (RFC 9110, section 7.6.1), to the sender's way to us, or to
  /// the credentials it showed us.
  private func passed(_ fields: HeaderFields) -> HeaderFields {
    let named = fields.values("Connection").joined(separator: ",").split(separator: ",")
      .map { name in name.filter { $0 != " " && $0 != "\t" } }
    var passed = HeaderFields()
    for field in fields.all {
      let name = String(decoding: field.name.utf8.map(\.asciiLowercased), as: UTF8.self)
      guard !Self.notPassed.contains(name), !name.hasPrefix("proxy-"), !name.hasPrefix("x-forwarded-"),
        !named.contains(where: { $0.isHeader(name) })
      else { continue }
      passed.append(field.name, field.value)
    }
    return passed
  }

  private static let notPassed: Set = [
    "accept-encoding", "authorization", "connection", "content-length", "cookie", "expect", "forwarded",
    "host", "idempotency-key", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "via",
    "x-real-ip",
  ]
}
