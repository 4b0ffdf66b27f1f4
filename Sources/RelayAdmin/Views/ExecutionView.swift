internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// An execution as the interface shows it.
struct ExecutionView {
  let tag: StoreTag
  let key: RecordKey
  let record: ExecutionRecord
  /// The content address of the workflow that it walks.
  let version: String

  /// As a line of a list.
  var summary: JSON { .object(JSONObject(members)) }

  /// With its steps and their attempts.
  ///
  /// - Parameter approvals: what people are asked, where it waits for them.
  func whole(journal: [JournalEntry], attempts: [StepAttempt], approvals: [JSON]) -> JSON {
    var steps: [JSON] = []
    var seen: Set<StepPath> = []
    for entry in journal {
      seen.insert(entry.path)
      steps.append(StepView.json(entry, attempts.filter { $0.path == entry.path }.map(\.attempt)))
    }
    // The step under way has attempts and no entry yet.
    let open = attempts.filter { !seen.contains($0.path) }
    if !open.isEmpty, !record.status.isFinal {
      steps.append(StepView.underWay(record, open.map(\.attempt)))
    }
    return .object(
      JSONObject(
        members + [
          ("approval", approvals.first ?? .null), ("approvals", .array(approvals)), ("steps", .array(steps)),
        ]))
  }

  private var members: [(name: String, value: JSON)] {
    [
      ("id", .string(tag.id(.execution, key))), ("workflow", .string(record.workflow)),
      ("version", .string(version)), ("status", .string(record.status.rawValue)),
      ("hook", .string(record.hook)), ("event", .string(tag.id(.event, record.event))),
      ("origin", .string(record.origin.text)), ("attempts", JSON(record.totalAttempts)),
      ("created_at", JSON(record.createdAt)), ("started_at", JSON(record.startedAt)),
      ("finished_at", JSON(record.finishedAt)),
      ("due_at", JSON(record.dueAt)), ("reason", JSON(record.reason)),
      ("failure", FailureView.json(record.failure)), ("dead_letter", .bool(record.isDeadLetter)),
    ]
  }
}

/// What people are asked, as the interface shows it.
enum ApprovalView {
  /// - Parameters:
  ///   - step: its path in names.
  ///   - link: only for whoever may decide: it is all that it takes.
  static func json(_ open: OpenApproval, step: String, link: String?) -> JSON {
    [
      "step": .string(step), "title": .string(open.question.title), "message": .string(open.question.message),
      "until": JSON(open.deadline),
      "url": JSON(link),
    ]
  }
}

/// The content addresses of workflow versions, each read once.
struct VersionNames {
  private var names: [UInt32: String] = [:]

  /// SHA-256 in hexadecimal; empty where the version is not in the store any more.
  mutating func name(_ number: UInt32, _ snapshot: borrowing Snapshot) throws(StoreError) -> String {
    if let known = names[number] { return known }
    let name = try snapshot.version(number).map { Hex.text($0.hash) } ?? ""
    names[number] = name
    return name
  }
}

/// A step as the interface shows it.
enum StepView {
  static func json(_ entry: JournalEntry, _ attempts: [AttemptRecord]) -> JSON {
    [
      "id": .string(entry.name), "status": .string(entry.status.rawValue),
      "started_at": JSON(entry.startedAt), "finished_at": JSON(entry.finishedAt),
      "output": PayloadView.value(of: entry.output), "error": FailureView.json(entry.failure),
      "attempts": .array(attempts.map(json)),
    ]
  }

  /// The step that an execution is at, as far as its attempts tell.
  static func underWay(_ record: ExecutionRecord, _ attempts: [AttemptRecord]) -> JSON {
    let last = attempts.last?.error
    return [
      "id": .string(last?.step ?? ""), "status": .string(record.status == .waiting ? "waiting" : "running"),
      "started_at": JSON(record.firstAttemptAt ?? attempts.first?.at ?? record.createdAt),
      "finished_at": .null, "output": .null, "error": FailureView.json(last),
      "attempts": .array(attempts.map(json)),
    ]
  }

  private static func json(_ attempt: AttemptRecord) -> JSON {
    [
      "number": JSON(attempt.number), "at": JSON(attempt.at), "duration_ms": JSON(attempt.durationMs),
      "request": PayloadView.value(of: attempt.request), "response": PayloadView.value(of: attempt.response),
      "status": attempt.status.map { JSON($0) } ?? .null, "error": FailureView.json(attempt.error),
    ]
  }
}

enum FailureView {
  static func json(_ failure: Failure?) -> JSON {
    guard let failure else { return .null }
    return [
      "step": .string(failure.step), "code": .string(failure.code), "message": .string(failure.message),
      "status": failure.status.map { JSON($0) } ?? .null, "attempts": JSON(failure.attempts),
    ]
  }
}
