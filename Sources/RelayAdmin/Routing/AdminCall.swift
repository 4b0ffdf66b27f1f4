internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// One request to one route, with what its action may need.
struct AdminCall: Sendable {
  let caller: Caller
  /// What the names in the route's path stand for.
  let path: [String: String]
  let query: QueryItems
  let body: [UInt8]
  let now: Timestamp
  let services: AdminServices

  var store: Store { services.store }
  var control: any RelayControl { services.control }

  /// The record that the path's `id` names.
  func key(_ kind: RecordKind) throws(AdminProblem) -> RecordKey {
    try key(kind, path["id"] ?? "")
  }

  func key(_ kind: RecordKind, _ id: String) throws(AdminProblem) -> RecordKey {
    guard let key = store.tag.key(kind, id) else {
      throw .notFound("There is no \(kind.noun) \(id.prefix(64)).")
    }
    return key
  }

  /// The body as JSON; an empty one is an empty object. Members that the schema does not know are refused.
  func object(_ known: String...) throws(AdminProblem) -> JSONObject { try object(known) }

  func object(_ known: [String]) throws(AdminProblem) -> JSONObject {
    guard !body.isEmpty else { return JSONObject() }
    let value: JSON
    do {
      value = try JSON.parse(body)
    } catch {
      throw .invalid("The body is no JSON: \(error).")
    }
    guard let object = value.object else { throw .invalid("The body must be a JSON object.") }
    try check(object, known)
    return object
  }

  /// Refuses members that are not known.
  func check(_ object: JSONObject, _ known: [String]) throws(AdminProblem) {
    for member in object.members where !known.contains(member.name) {
      let hint = nearest(to: member.name, among: known).map { "; did you mean \($0)?" } ?? "."
      throw .invalid("The body has an unknown member \(member.name)\(hint)")
    }
  }

  /// `limit`, 1 to 1000.
  func limit() throws(AdminProblem) -> Int {
    guard let text = query["limit"] else { return 50 }
    guard let limit = Int(text), (1...1000).contains(limit) else {
      throw .invalid("limit must be a whole number from 1 to 1000.")
    }
    return limit
  }

  /// `cursor`, which a page's `next` gave: the id that the page ended with.
  func cursor(_ kind: RecordKind) throws(AdminProblem) -> RecordKey? {
    guard let text = query["cursor"] else { return nil }
    guard let key = store.tag.key(kind, text) else {
      throw .invalid("cursor must be what a page's `next` gave.")
    }
    return key
  }

  /// `since`: an instant, or a span before now such as `2h`.
  func since() throws(AdminProblem) -> Timestamp? {
    guard let text = query["since"] else { return nil }
    return try since(text)
  }

  func since(_ text: String) throws(AdminProblem) -> Timestamp {
    if let span = Duration(text: text) { return now - span }
    guard let instant = Timestamp(rfc3339: text) else {
      throw .invalid("since must be a span such as 2h, or an instant such as 2026-11-25T07:00:00Z.")
    }
    return instant
  }

  /// `name` of the path or the body, which must be a resource's name.
  func resourceName(_ text: String?) throws(AdminProblem) -> String {
    guard let text, ResourceName.isValid(text) else {
      throw .invalid("A name is [a-z0-9][a-z0-9_-]{0,63}.")
    }
    return text
  }

  /// Reads the store. Nothing in `body` may wait.
  func read<Value>(
    _ body: (borrowing Snapshot) throws(StoreError) -> Value
  ) throws(AdminProblem) -> Value {
    do throws(StoreError) {
      return try store.read(body)
    } catch {
      throw AdminProblem(error)
    }
  }

  /// Changes the store, and waits until it is durable.
  func perform<T: Transition>(_ transition: T) throws(AdminProblem) -> T.Answer {
    do throws(StoreError) {
      return try store.perform(transition)
    } catch {
      throw AdminProblem(error)
    }
  }

  /// Works on the store as a whole.
  func work<Value>(_ body: (Store) throws(StoreError) -> Value) throws(AdminProblem) -> Value {
    do throws(StoreError) {
      return try body(store)
    } catch {
      throw AdminProblem(error)
    }
  }

  /// Writes down what was done, durably, before it is answered. The deed is done, whatever becomes of the
  /// note: a failure is logged.
  func audit(_ action: String, _ subject: String, _ detail: String = "") {
    let record = AuditRecord(at: now, actor: caller.name, action: action, subject: subject, detail: detail)
    do throws(StoreError) {
      try store.perform(AppendAudit(record: record))
    } catch {
      services.log.error(
        "an audit record was not kept", .text("action", action), .text("reason", error.message))
    }
  }

  /// Asks the relay.
  func ask<Value>(
    _ body: (any RelayControl) throws(ControlError) -> Value
  ) throws(AdminProblem) -> Value {
    do throws(ControlError) {
      return try body(control)
    } catch {
      throw AdminProblem(error)
    }
  }
}

extension RecordKind {
  var noun: String {
    switch self {
    case .event: "event"
    case .execution: "execution"
    case .rejected: "refused request"
    }
  }
}
