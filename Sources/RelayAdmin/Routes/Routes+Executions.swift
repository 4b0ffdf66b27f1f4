internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let listParameters = [
    Route.Parameter(
      name: "limit", schema: .integer(1...1000), summary: "How many; 50 where it is not given."),
    Route.Parameter(name: "cursor", schema: .text(), summary: "The `next` of the page before."),
  ]

  static let executionParameters =
    [
      Route.Parameter(
        name: "status", schema: .text(), summary: "One or several, separated by commas: queued, failed, …"),
      Route.Parameter(name: "workflow", schema: .text(), summary: "Only of this workflow."),
      Route.Parameter(name: "hook", schema: .text(), summary: "Only of this hook's events."),
      Route.Parameter(name: "since", schema: .text(), summary: "A span such as 2h, or an instant."),
    ] + listParameters

  static let executions: [Route] = [
    Route(
      .get, "/api/executions", role: .viewer, "executions", "listExecutions", "Executions, the newest first",
      parameters: executionParameters, answer: .json(200, .page("ExecutionSummary")),
      action: { (call) throws(AdminProblem) in try listExecutions(call, workflow: call.query["workflow"]) }),
    Route(
      .get, "/api/executions/{id}", role: .viewer, "executions", "showExecution",
      "One execution with its steps and their attempts", answer: .json(200, .named("Execution")),
      action: showExecution),
    Route(
      .post, "/api/executions/{id}/retry", role: .operator, "executions", "retryExecution",
      "Go on from the failed step, or from the start as a new execution",
      body: .object([
        .init("from_start", .flag, required: false),
        .init("version", .choice(RetryRequest.Version.allCases.map(\.rawValue)), required: false),
      ]), answer: .json(202, .named("ExecutionSummary")), action: retryExecution),
    Route(
      .post, "/api/executions/{id}/cancel", role: .operator, "executions", "cancelExecution",
      "End an execution that has not ended", answer: .json(202, .named("ExecutionSummary")),
      action: cancelExecution),
  ]

  static func listExecutions(_ call: AdminCall, workflow: String?) throws(AdminProblem) -> AdminAnswer {
    let filter = ExecutionFilter(
      statuses: try statuses(call.query["status"]), workflow: workflow, hook: call.query["hook"],
      since: try call.since())
    return try executionPage(call, filter)
  }

  static func executionPage(_ call: AdminCall, _ filter: ExecutionFilter) throws(AdminProblem) -> AdminAnswer
  {
    let (limit, before) = (try call.limit(), try call.cursor(.execution))
    let tag = call.store.tag
    let found = try call.read { (snapshot) throws(StoreError) -> ListPage<JSON> in
      let page = try snapshot.executions(filter, before: before, limit: limit)
      var versions = VersionNames()
      var items: [JSON] = []
      for item in page.items {
        let version = try versions.name(item.record.version, snapshot)
        items.append(
          ExecutionView(tag: tag, key: item.key, record: item.record, version: version).summary)
      }
      return ListPage(items: items, next: page.next)
    }
    return .page(found.items, next: found.next.map { tag.id(.execution, $0) })
  }

  private static func statuses(_ text: String?) throws(AdminProblem) -> Set<ExecutionStatus> {
    var statuses: Set<ExecutionStatus> = []
    for name in text?.split(separator: ",") ?? [] {
      guard let status = ExecutionStatus(rawValue: String(name)) else {
        let all = ExecutionStatus.allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalid("status must be one or several of \(all).")
      }
      statuses.insert(status)
    }
    return statuses
  }

  private static func showExecution(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.execution)
    let tag = call.store.tag
    let found = try call.read { (snapshot) throws(StoreError) -> JSON? in
      guard let record = try snapshot.execution(key) else { return nil }
      var versions = VersionNames()
      let version = try versions.name(record.version, snapshot)
      let view = ExecutionView(tag: tag, key: key, record: record, version: version)
      let journal = try snapshot.journal(of: key)
      let approvals = try snapshot.openApprovals(of: key).map { open in
        ApprovalView.json(
          open, step: journal.first { $0.path == open.step }?.name ?? "",
          link: call.caller.role >= .operator ? call.services.control.approvalLink(key, open.step) : nil)
      }
      return view.whole(journal: journal, attempts: try snapshot.attempts(of: key), approvals: approvals)
    }
    guard let found else { throw .notFound("There is no execution \(tag.id(.execution, key)).") }
    return .json(found)
  }

  private static func retryExecution(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.execution)
    let request = try retryRequest(try call.object("from_start", "version"))
    let retried = try call.ask { (control) throws(ControlError) in try control.retry(key, request) }
    let id = call.store.tag.id(.execution, key)
    call.audit("execution.retry", id, request.fromStart ? "from the start" : "from the failed step")
    return try summary(of: retried, call, status: 202)
  }

  static func retryRequest(_ object: JSONObject) throws(AdminProblem) -> RetryRequest {
    var request = RetryRequest(fromStart: object["from_start"]?.bool ?? false)
    if let text = object["version"] {
      guard let version = text.string.flatMap(RetryRequest.Version.init(rawValue:)) else {
        throw .invalid("version must be original or current.")
      }
      request.version = version
    }
    return request
  }

  private static func cancelExecution(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let key = try call.key(.execution)
    try call.ask { (control) throws(ControlError) in try control.cancel(key) }
    call.audit("execution.cancel", call.store.tag.id(.execution, key))
    return try summary(of: key, call, status: 202)
  }

  static func summary(of key: RecordKey, _ call: AdminCall, status: Int) throws(AdminProblem) -> AdminAnswer {
    let tag = call.store.tag
    let found = try call.read { (snapshot) throws(StoreError) -> JSON? in
      guard let record = try snapshot.execution(key) else { return nil }
      var versions = VersionNames()
      let version = try versions.name(record.version, snapshot)
      return ExecutionView(tag: tag, key: key, record: record, version: version).summary
    }
    guard let found else { throw .notFound("There is no execution \(tag.id(.execution, key)).") }
    return .json(found, status: status)
  }
}
