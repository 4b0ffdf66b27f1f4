package import RelayDocuments

extension HTTPResponse {
  /// A problem document (RFC 9457): the shape of every refusal.
  ///
  /// - Parameters:
  ///   - code: stable, for machines; it also names the problem's type.
  ///   - title: the problem in general, the same each time.
  ///   - detail: what was wrong this time and how to mend it. Never a secret, a signature or a body.
  ///   - retryAfter: whole seconds until another try makes sense; 429 and 503 always carry it.
  ///   - members: what else belongs to this problem, after the common members.
  package static func problem(
    status: Int, code: String, title: String, detail: String? = nil, retryAfter: Int? = nil,
    members: [(name: String, value: JSON)] = []
  ) -> HTTPResponse {
    var document = JSONObject([
      (name: "type", value: .string("urn:petrel:problem:\(code)")),
      (name: "title", value: .string(title)),
      (name: "status", value: JSON(status)),
      (name: "code", value: .string(code)),
    ])
    if let detail { document["detail"] = .string(detail) }
    for member in members { document[member.name] = member.value }
    var fields: [Field] = []
    if let seconds = retryAfter ?? (status == 429 || status == 503 ? 1 : nil) {
      fields.append(Field("Retry-After", String(seconds)))
    }
    return HTTPResponse(
      status: status, contentType: "application/problem+json", fields: fields,
      body: JSON.object(document).serialized())
  }
}
