internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelaySignatures
internal import RelayStore

/// The answer to an event that is on disk: first or again.
struct AcceptedResponse {
  let tag: StoreTag
  let answer: AcceptedAnswer
  /// What the provider demands of every accepted request; it goes before the hook's own answer.
  let fixed: FixedAnswer?

  /// `{"id":…,"executions":[…]}`, with `"duplicate":true` and status 200 for the same delivery again. A
  /// status or body that the provider or the hook's configuration demands stands in its place.
  func response(event: RecordKey, executions: [RecordKey], duplicate: Bool) -> HTTPResponse {
    let id = tag.id(.event, event)
    var response = HTTPResponse(status: duplicate ? 200 : answer.status)
    if let fixed {
      response.status = fixed.status
      response.fields = fixed.headers.map { HTTPResponse.Field($0.name, $0.value) }
    }
    if let body = fixed?.body {
      response.body = body
    } else if let body = answer.body {
      if let type = answer.contentType { response.fields.append(HTTPResponse.Field("Content-Type", type)) }
      response.body = Array(body.utf8)
    } else if response.status != 204 {
      response.fields.append(HTTPResponse.Field("Content-Type", "application/json"))
      response.body = ids(id, executions, duplicate)
    }
    response.fields.append(HTTPResponse.Field("Petrel-Event-Id", id))
    return response
  }

  /// Ids hold no character that JSON escapes.
  private func ids(_ event: String, _ executions: [RecordKey], _ duplicate: Bool) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(64 + executions.count * 25)
    body.append(contentsOf: "{\"id\":\"".utf8)
    body.append(contentsOf: event.utf8)
    body.append(contentsOf: "\",\"executions\":[".utf8)
    for (index, key) in executions.enumerated() {
      body.append(contentsOf: index == 0 ? "\"".utf8 : ",\"".utf8)
      body.append(contentsOf: tag.id(.execution, key).utf8)
      body.append(UInt8(ascii: "\""))
    }
    body.append(contentsOf: duplicate ? "],\"duplicate\":true}".utf8 : "]}".utf8)
    return body
  }
}
