internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// The events of a batch, in CloudEvents 1.0's JSON form.
struct CloudEventWriter {
  let edge: String
  let tag: StoreTag
  let epoch: String
  /// False: steps, error text and payloads stay behind, because central takes no event so large.
  let hasDetails: Bool
  /// The outside form of a workflow version's number.
  let version: (UInt32) -> String

  /// The events that `entries` stand for. A rollup is an event a count; a lost range is none (the
  /// batch's header declares it).
  func events(_ entries: [OutboxEntry]) -> [JSON] {
    entries.flatMap { entry -> [JSON] in
      switch entry.content {
      case .end(let summary): [end(summary, seq: entry.last)]
      case .rollup(let counts): counts.enumerated().map { rollup($1, index: $0, entry) }
      case .lost: []
      }
    }
  }

  /// The ids of the events that `entry` stands for.
  func ids(_ entry: OutboxEntry) -> [String] {
    switch entry.content {
    case .end(let summary): [endID(summary)]
    case .rollup(let counts): counts.indices.map { rollupID(entry, index: $0) }
    case .lost: []
    }
  }

  private func endID(_ summary: ExecutionSummary) -> String {
    "\(tag.id(.execution, summary.execution)):\(summary.end)"
  }

  /// Numbers begin again with an epoch, and an id must not.
  private func rollupID(_ entry: OutboxEntry, index: Int) -> String {
    "\(epoch):\(entry.first)-\(entry.last):\(index)"
  }

  private func end(_ summary: ExecutionSummary, seq: UInt64) -> JSON {
    let started = summary.startedAt ?? summary.createdAt
    var data: [(name: String, value: JSON)] = [
      ("seq", .number(JSONNumber(text: String(seq)))),
      ("workflow", .string(summary.workflow)),
      ("version", .string(version(summary.version))),
      ("hook", .string(summary.hook)),
      ("event_type", JSON(summary.eventType)),
      ("status", .string(summary.status.rawValue)),
      ("started_at", .string(started.rfc3339)),
      ("finished_at", .string(summary.finishedAt.rfc3339)),
      ("duration_ms", JSON(Int(max(0, (summary.finishedAt - started).wholeMilliseconds)))),
      ("attempts", JSON(summary.attempts)),
    ]
    data.append(("steps", .array(hasDetails ? summary.steps.map(step) : [])))
    data.append(("error_code", JSON(summary.errorCode)))
    if hasDetails, let message = summary.errorMessage { data.append(("error", .string(message))) }
    if hasDetails, let payload = summary.payload { data.append(("payload", self.payload(payload))) }
    return envelope(
      "io.petrel.execution.finished.v1", id: endID(summary), subject: tag.id(.execution, summary.execution),
      time: summary.finishedAt, data)
  }

  private func step(_ step: ExecutionSummary.Step) -> JSON {
    [
      "id": .string(step.id), "status": .string(step.status.rawValue), "attempts": JSON(step.attempts),
      "duration_ms": JSON(step.durationMs), "http_status": step.httpStatus.map { JSON($0) } ?? .null,
    ]
  }

  /// The body as text where it is text, and in base64 where it is not.
  private func payload(_ bytes: [UInt8]) -> JSON {
    if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
    return ["base64": .string(Base64.standard.text(bytes))]
  }

  private func rollup(_ count: RollupCount, index: Int, _ entry: OutboxEntry) -> JSON {
    envelope(
      "io.petrel.rollup.v1", id: rollupID(entry, index: index), subject: count.workflow,
      time: count.hour,
      [
        ("first_seq", .number(JSONNumber(text: String(entry.first)))),
        ("last_seq", .number(JSONNumber(text: String(entry.last)))),
        ("hour", .string(count.hour.rfc3339)), ("workflow", .string(count.workflow)),
        ("status", .string(count.status.rawValue)), ("count", JSON(count.count)),
      ])
  }

  private func envelope(
    _ type: String, id: String, subject: String, time: Timestamp, _ data: [(name: String, value: JSON)]
  ) -> JSON {
    [
      "specversion": "1.0", "type": .string(type), "source": .string("/edges/\(edge)"), "id": .string(id),
      "subject": .string(subject), "time": .string(time.rfc3339), "datacontenttype": "application/json",
      "data": .object(JSONObject(data)),
    ]
  }
}
