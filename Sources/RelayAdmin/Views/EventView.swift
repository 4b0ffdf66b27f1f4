internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// An event as the interface shows it.
struct EventView {
  let tag: StoreTag
  let key: RecordKey
  let record: EventRecord
  let executions: [RecordKey]

  /// As a line of a list.
  var summary: JSON { .object(JSONObject(members)) }

  /// With headers and body.
  func whole(body: [UInt8]) -> JSON {
    let details: [(name: String, value: JSON)] = [
      ("method", .string(record.method)), ("target", .string(record.target)),
      ("client", .string(record.client)), ("headers", PayloadView.headers(record.headers)),
    ]
    let notes: [(name: String, value: JSON)] = [("notes", .array(record.notes.map { .string($0) }))]
    return .object(JSONObject(members + details + PayloadView.members(of: body) + notes))
  }

  private var members: [(name: String, value: JSON)] {
    [
      ("id", .string(tag.id(.event, key))), ("hook", .string(record.hook)), ("type", JSON(record.type)),
      ("delivery", JSON(record.delivery)), ("origin", .string(record.origin.text)),
      ("received_at", .string(record.receivedAt.rfc3339)), ("size", JSON(record.bodySize)),
      ("executions", .array(executions.map { .string(tag.id(.execution, $0)) })),
    ]
  }
}

extension ExecutionOrigin {
  var text: String {
    switch self {
    case .live: "live"
    case .replay: "replay"
    case .retry: "retry"
    case .manual: "manual"
    }
  }
}

extension JSON {
  init(_ instant: Timestamp?) { self = instant.map { .string($0.rfc3339) } ?? .null }
}
