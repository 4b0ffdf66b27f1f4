internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// Which records a bulk action means: ids, or a filter that is walked a piece at a time, so that no request
/// takes long. The answer's `next` goes on where this one ended.
struct BulkRequest: Sendable {
  /// Nil where a filter was given.
  var ids: [String]?
  var hook: String?
  var workflow: String?
  var since: Timestamp?
  var limit: Int
  var cursor: String?

  static let members = ["ids", "hook", "workflow", "since", "limit", "cursor"]

  init(_ object: JSONObject, _ call: AdminCall) throws(AdminProblem) {
    ids = try Self.ids(object["ids"])
    hook = object["hook"]?.string
    workflow = object["workflow"]?.string
    since = try object["since"].map { (value) throws(AdminProblem) in try call.since(value.string ?? "") }
    cursor = object["cursor"]?.string
    limit = object["limit"]?.int ?? 100
    guard (1...1000).contains(limit) else { throw .invalid("limit must be a whole number from 1 to 1000.") }
    guard ids == nil || (hook == nil && since == nil && cursor == nil) else {
      throw .invalid("Give ids, or a filter; not both.")
    }
    guard ids.map({ $0.count <= 1000 }) ?? true else { throw .invalid("At most 1000 ids at once.") }
  }

  private static func ids(_ value: JSON?) throws(AdminProblem) -> [String]? {
    guard let value else { return nil }
    guard let elements = value.array else { throw .invalid("ids must be a list of ids.") }
    let ids = elements.compactMap(\.string)
    guard ids.count == elements.count else { throw .invalid("ids must be a list of ids.") }
    return ids
  }

  /// Where the piece before this one ended.
  func before(_ kind: RecordKind, _ call: AdminCall) throws(AdminProblem) -> RecordKey? {
    guard let cursor else { return nil }
    guard let key = call.store.tag.key(kind, cursor) else {
      throw .invalid("cursor must be what the answer before gave as `next`.")
    }
    return key
  }
}

/// What a bulk action came to, one record at a time.
struct BulkOutcome {
  private(set) var done: [String] = []
  private(set) var failed: [JSON] = []
  var next: String?

  /// Does `action` to one record, and notes what came of it. What the action answers is what is listed: the
  /// id of the execution or event that it made.
  mutating func attempt(_ id: String, _ action: () throws(AdminProblem) -> [String]) {
    do throws(AdminProblem) {
      done += try action()
    } catch {
      failed.append(["id": .string(id), "code": .string(error.code), "detail": .string(error.detail)])
    }
  }

  var json: JSON {
    ["done": .array(done.map { .string($0) }), "failed": .array(failed), "next": JSON(next)]
  }
}
