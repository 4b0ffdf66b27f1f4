internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let deadLetters: [Route] = [
    Route(
      .get, "/api/dead-letters", role: .viewer, "dead letters", "listDeadLetters",
      "Executions that failed for good, the newest first",
      parameters: executionParameters.filter { $0.name != "status" },
      answer: .json(200, .page("ExecutionSummary")), action: listDeadLetters),
    Route(
      .post, "/api/dead-letters/retry", role: .operator, "dead letters", "retryDeadLetters",
      "Retry many, a piece at a time",
      body: .object([
        .init("filter", .named("Filter"), required: false), .init("from_start", .flag, required: false),
        .init("version", .choice(RetryRequest.Version.allCases.map(\.rawValue)), required: false),
      ]), isLong: true, answer: .json(200, .named("BulkResult")), action: retryDeadLetters),
    Route(
      .post, "/api/dead-letters/discard", role: .operator, "dead letters", "discardDeadLetters",
      "Put many aside, a piece at a time",
      body: .object([.init("filter", .named("Filter"), required: false)]),
      isLong: true, answer: .json(200, .named("BulkResult")), action: discardDeadLetters),
  ]

  private static func listDeadLetters(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    try executionPage(
      call,
      ExecutionFilter(
        workflow: call.query["workflow"], hook: call.query["hook"], since: try call.since(), deadLetters: true
      ))
  }

  private static func retryDeadLetters(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let object = try call.object("filter", "from_start", "version")
    let request = try retryRequest(object)
    return try each(object["filter"], call) { (key, id) throws(AdminProblem) in
      let retried = try call.ask { (control) throws(ControlError) in try control.retry(key, request) }
      call.audit("execution.retry", id, "dead letter")
      return [call.store.tag.id(.execution, retried)]
    }
  }

  private static func discardDeadLetters(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    try each(try call.object("filter")["filter"], call) { (key, id) throws(AdminProblem) in
      try call.ask { (control) throws(ControlError) in try control.discard(key) }
      call.audit("execution.discard", id)
      return [id]
    }
  }

  /// Does `action` to each dead letter that the filter means.
  private static func each(
    _ filter: JSON?, _ call: AdminCall, _ action: (RecordKey, String) throws(AdminProblem) -> [String]
  ) throws(AdminProblem) -> AdminAnswer {
    let object = filter?.object ?? JSONObject()
    try call.check(object, BulkRequest.members)
    let bulk = try BulkRequest(object, call)
    let tag = call.store.tag
    var outcome = BulkOutcome()
    if let ids = bulk.ids {
      for id in ids {
        outcome.attempt(id) { () throws(AdminProblem) in try action(try call.key(.execution, id), id) }
      }
      return .json(outcome.json)
    }
    let wanted = ExecutionFilter(
      workflow: bulk.workflow, hook: bulk.hook, since: bulk.since, deadLetters: true)
    let before = try bulk.before(.execution, call)
    let page = try call.read { (snapshot) throws(StoreError) in
      try snapshot.executions(wanted, before: before, limit: bulk.limit)
    }
    for execution in page.items {
      let id = tag.id(.execution, execution.key)
      outcome.attempt(id) { () throws(AdminProblem) in try action(execution.key, id) }
    }
    outcome.next = page.next.map { tag.id(.execution, $0) }
    return .json(outcome.json)
  }
}
