internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelaySignatures
internal import RelayStore

/// The answer to an event that is on disk: first or again.
struct AcceptedResponse {
  let tag: StoreTag
  let answer: AcceptedAnswer
  /// What the provider demands of every accepted request; it goes before the hook's own status.
  let fixed: FixedAnswer?

  /// `{"id":…,"executions":[…]}`, with `"duplicate":true` and status 200 for the same delivery again. A
  /// status or body that the provider or the hook's configuration demands stands in its place.
  func response(event: RecordKey, executions: [RecordKey], duplicate: Bool) -> HTTPResponse {
    let id = id(of: event)
    // A body that the operator wrote for this very hook goes before what its provider takes in general.
    let fixed = answer.body == nil ? fixed : nil
    let status = fixed?.status ?? (duplicate ? 200 : answer.status)
    let body: [UInt8]
    var type: String?
    if let given = fixed?.body {
      body = given
    } else if let given = answer.body {
      type = answer.contentType
      body = Array(given.utf8)
    } else if status == 204 {
      body = []
    } else {
      type = "application/json"
      body = ids(event, executions, duplicate)
    }
    guard let fixed, !fixed.headers.isEmpty else {
      // In one piece: the ordinary answer is made once for every event.
      return HTTPResponse(
        status: status, fields: type.map { [HTTPResponse.Field("Content-Type", $0), id] } ?? [id], body: body)
    }
    var fields = fixed.headers.map { HTTPResponse.Field($0.name, $0.value) }
    if let type { fields.append(HTTPResponse.Field("Content-Type", type)) }
    return HTTPResponse(status: status, fields: fields + [id], body: body)
  }

  /// What every answer to an accepted event carries.
  func id(of event: RecordKey) -> HTTPResponse.Field {
    HTTPResponse.Field("Petrel-Event-Id", tag.id(.event, event))
  }

  /// Ids hold no character that JSON escapes.
  private func ids(_ event: RecordKey, _ executions: [RecordKey], _ duplicate: Bool) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(64 + executions.count * 25)
    Self.append("{\"id\":\"", to: &body)
    tag.append(.event, event, to: &body)
    Self.append("\",\"executions\":[", to: &body)
    for (index, key) in executions.enumerated() {
      Self.append(index == 0 ? "\"" : ",\"", to: &body)
      tag.append(.execution, key, to: &body)
      body.append(UInt8(ascii: "\""))
    }
    Self.append(duplicate ? "],\"duplicate\":true}" : "]}", to: &body)
    return body
  }

  private static func append(_ text: StaticString, to body: inout [UInt8]) {
    unsafe body.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
