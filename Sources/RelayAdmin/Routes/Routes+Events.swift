internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let events: [Route] = [
    Route(
      .get, "/api/events", role: .viewer, "events", "listEvents", "Accepted requests, the newest first",
      parameters: [
        Route.Parameter(name: "hook", schema: .text(), summary: "Only of this hook."),
        Route.Parameter(name: "since", schema: .text(), summary: "A span such as 2h, or an instant."),
      ] + listParameters, answer: .json(200, .page("EventSummary")), action: listEvents),
    Route(
      .get, "/api/events/{id}", role: .viewer, "events", "showEvent", "One event with headers and body",
      answer: .json(200, .named("Event")), action: showEvent),
    Route(
      .get, "/api/events/{id}/body", role: .viewer, "events", "readEventBody", "The body as it came",
      answer: .bytes, action: readEventBody),
    Route(
      .post, "/api/events/{id}/replay", role: .operator, "events", "replayEvent",
      "Run an event again", body: .object([.init("workflow", .text(), required: false)]),
      answer: .json(202, .named("Accepted")), action: replayEvent),
    Route(
      .post, "/api/events/replay", role: .operator, "events", "replayEvents",
      "Run many events again, a piece at a time, after everything live", body: .named("Filter"),
      isLong: true, answer: .json(200, .named("BulkResult")), action: replayEvents),
  ]

  private static func listEvents(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let (limit, before, since) = (try call.limit(), try call.cursor(.event), try call.since())
    let hook = call.query["hook"]
    let tag = call.store.tag
    let (items, next) = try call.read { (snapshot) throws(StoreError) -> ([JSON], RecordKey?) in
      let page = try snapshot.events(hook: hook, before: before, since: since, limit: limit)
      var items: [JSON] = []
      for event in page.items {
        let executions = try snapshot.executionsOf(event: event.key)
        items.append(
          EventView(tag: tag, key: event.key, record: event.record, executions: executions).summary)
      }
      return (items, page.next)
    }
    return .page(items, next: next.map { tag.id(.event, $0) })
  }

  private static func showEvent(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.event)
    let tag = call.store.tag
    let found = try call.read { (snapshot) throws(StoreError) -> JSON? in
      guard let event = try snapshot.event(key) else { return nil }
      let executions = try snapshot.executionsOf(event: key)
      return EventView(tag: tag, key: key, record: event.record, executions: executions).whole(
        body: event.body)
    }
    guard let found else { throw .notFound("There is no event \(tag.id(.event, key)).") }
    return .json(found)
  }

  private static func readEventBody(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.event)
    let event = try call.read { (snapshot) throws(StoreError) in try snapshot.event(key) }
    guard let event else { throw .notFound("There is no event \(call.store.tag.id(.event, key)).") }
    return .bytes(event.body)
  }

  private static func replayEvent(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.event)
    let workflow = try call.object("workflow")["workflow"]?.string
    let made = try replay(key, workflow: workflow, background: false, call)
    return .json(
      ["id": .string(call.store.tag.id(.event, key)), "executions": .array(made.map { .string($0) })],
      status: 202)
  }

  private static func replayEvents(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let bulk = try BulkRequest(try call.object(BulkRequest.members), call)
    var outcome = BulkOutcome()
    if let ids = bulk.ids {
      for id in ids {
        outcome.attempt(id) { () throws(AdminProblem) in
          try replay(try call.key(.event, id), workflow: bulk.workflow, background: false, call)
        }
      }
      return .json(outcome.json)
    }
    let before = try bulk.before(.event, call)
    let page = try call.read { (snapshot) throws(StoreError) in
      try snapshot.events(hook: bulk.hook, before: before, since: bulk.since, limit: bulk.limit)
    }
    for event in page.items {
      outcome.attempt(call.store.tag.id(.event, event.key)) { () throws(AdminProblem) in
        try replay(event.key, workflow: bulk.workflow, background: true, call)
      }
    }
    outcome.next = page.next.map { call.store.tag.id(.event, $0) }
    return .json(outcome.json)
  }

  /// The ids of the executions that were made.
  private static func replay(
    _ key: RecordKey, workflow: String?, background: Bool, _ call: AdminCall
  ) throws(AdminProblem) -> [String] {
    let made = try call.ask { (control) throws(ControlError) in
      try control.replay(key, workflow: workflow, background: background)
    }
    call.audit("event.replay", call.store.tag.id(.event, key), workflow.map { "workflow \($0)" } ?? "")
    return made.map { call.store.tag.id(.execution, $0) }
  }
}
