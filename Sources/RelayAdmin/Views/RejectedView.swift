internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// A refused request as the interface shows it. Nobody has vouched for what is in it.
struct RejectedView {
  let tag: StoreTag
  let key: RecordKey
  let record: RejectedRecord

  /// As a line of a list.
  var summary: JSON { .object(JSONObject(members)) }

  /// With headers, body, and why the signature failed.
  func whole(findings: [RejectionFinding]) -> JSON {
    let headers = [(name: "headers", value: PayloadView.headers(record.request.headers))]
    let rest: [(name: String, value: JSON)] = [
      ("body_is_whole", .bool(record.isWhole)),
      (
        "findings",
        .array(
          findings.map {
            [
              "verdict": .string($0.verdict.rawValue), "check": .string($0.check),
              "evidence": .string($0.evidence),
            ]
          })
      ),
    ]
    return .object(JSONObject(members + headers + PayloadView.members(of: record.request.body) + rest))
  }

  private var members: [(name: String, value: JSON)] {
    [
      ("id", .string(tag.id(.rejected, key))), ("hook", .string(record.hook)),
      ("code", .string(record.code.rawValue)), ("detail", .string(record.detail)),
      ("received_at", JSON(record.request.receivedAt)), ("method", .string(record.request.method)),
      ("target", .string(record.request.target)), ("client", .string(record.request.client)),
      ("size", JSON(record.bodySize)),
    ]
  }
}
