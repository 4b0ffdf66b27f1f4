internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let rejected: [Route] = [
    Route(
      .get, "/api/rejected", role: .viewer, "rejected", "listRejected",
      "Refused requests that are still kept, the newest first",
      parameters: [Route.Parameter(name: "hook", schema: .text(), summary: "Only of this hook.")]
        + listParameters, answer: .json(200, .page("RejectedSummary")), action: listRejected),
    Route(
      .get, "/api/rejected/{id}", role: .admin, "rejected", "showRejected",
      "One refused request, and why its signature failed", answer: .json(200, .named("Rejected")),
      action: showRejected),
    Route(
      .post, "/api/rejected/rejudge", role: .operator, "rejected", "rejudge",
      "Judge again as of the time they came, and admit those that verify now", body: .named("Filter"),
      isLong: true, answer: .json(200, .named("BulkResult")), action: rejudge),
  ]

  private static func listRejected(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let (limit, before, hook) = (try call.limit(), try call.cursor(.rejected), call.query["hook"])
    let page = try call.read { (snapshot) throws(StoreError) in
      try snapshot.rejected(hook: hook, before: before, limit: limit)
    }
    let tag = call.store.tag
    let items = page.items.map { RejectedView(tag: tag, key: $0.key, record: $0.record).summary }
    return .page(items, next: page.next.map { tag.id(.rejected, $0) })
  }

  private static func showRejected(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.rejected)
    let tag = call.store.tag
    let record = try call.read { (snapshot) throws(StoreError) in try snapshot.rejected(key) }
    guard let record else {
      throw .notFound("The refused request \(tag.id(.rejected, key)) is not kept any more.")
    }
    let findings = try call.ask { (control) throws(ControlError) in try control.explain(key) }
    return .json(RejectedView(tag: tag, key: key, record: record).whole(findings: findings))
  }

  private static func rejudge(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let bulk = try BulkRequest(try call.object(BulkRequest.members), call)
    let tag = call.store.tag
    var outcome = BulkOutcome()
    var keys: [(id: String, key: RecordKey)] = []
    if let ids = bulk.ids {
      for id in ids {
        outcome.attempt(id) { () throws(AdminProblem) in
          keys.append((id, try call.key(.rejected, id)))
          return []
        }
      }
    } else {
      let before = try bulk.before(.rejected, call)
      let page = try call.read { (snapshot) throws(StoreError) in
        try snapshot.rejected(hook: bulk.hook, before: before, limit: bulk.limit)
      }
      keys = page.items.filter { bulk.since.map($0.record.request.receivedAt.isAtOrAfter) ?? true }
        .map { (tag.id(.rejected, $0.key), $0.key) }
      outcome.next = page.next.map { tag.id(.rejected, $0) }
    }
    for (id, key) in keys {
      outcome.attempt(id) { () throws(AdminProblem) in try rejudge(key, id, call) }
    }
    return .json(outcome.json)
  }

  /// The id of the event that came of it.
  private static func rejudge(_ key: RecordKey, _ id: String, _ call: AdminCall) throws(AdminProblem)
    -> [String]
  {
    let outcome = try call.ask { (control) throws(ControlError) in try control.rejudge(key) }
    switch outcome {
    case .admitted(let event, _, _):
      let eventID = call.store.tag.id(.event, event)
      call.audit("rejected.admit", id, eventID)
      return [eventID]
    case .refused(let refusal): throw AdminProblem(409, refusal.code.rawValue, refusal.detail)
    }
  }
}

extension Timestamp {
  fileprivate func isAtOrAfter(_ other: Timestamp) -> Bool { self >= other }
}
