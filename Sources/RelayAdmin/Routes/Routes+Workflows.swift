internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let workflows: [Route] = [
    Route(
      .get, "/api/workflows", role: .viewer, "workflows", "listWorkflows",
      "Workflows with how their executions ended", answer: .json(200, .page("Workflow")),
      action: listWorkflows),
    Route(
      .get, "/api/workflows/{name}/executions", role: .viewer, "workflows", "listWorkflowExecutions",
      "Executions of one workflow, the newest first",
      parameters: executionParameters.filter { $0.name != "workflow" },
      answer: .json(200, .page("ExecutionSummary")), action: workflowExecutions),
    Route(
      .get, "/api/versions", role: .viewer, "workflows", "listVersions",
      "Versions of workflows that new events start, or that executions in flight stand on",
      answer: .json(200, .page("Version")), action: listVersions),
    Route(
      .post, "/api/workflows/execute", role: .operator, "workflows", "executeWorkflow",
      "Run a workflow on an event made for it",
      body: .object([
        .init("workflow", .text()), .init("event", .any, "The event's body, or {type, headers, body}."),
      ]), bodyLimit: .mebibytes(32), answer: .json(202, .named("Accepted")), action: executeWorkflow),
    Route(
      .get, "/api/hooks", role: .viewer, "hooks", "listHooks", "Hooks with what they have seen",
      answer: .json(200, .page("Hook")), action: listHooks),
    Route(
      .post, "/api/hooks/{name}/sign", role: .admin, "hooks", "signSample",
      "Sign a request as the hook's provider would, with the hook's own secret",
      body: .object([
        .init("body_base64", .text()),
        .init("headers", .list(of: .named("Header")), required: false),
      ]), bodyLimit: .mebibytes(64),
      answer: .json(200, .object([.init("url", .text()), .init("headers", .list(of: .named("Header")))])),
      action: signSample),
  ]

  private static func listWorkflows(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let counters = try call.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    let loaded = call.control.status().workflows
    let names = Set(counters.workflows.keys).union(loaded).sorted()
    return .page(
      names.map {
        RelayView.workflow(
          $0, counters.workflows[$0] ?? WorkflowCounters(), loaded: loaded.contains($0))
      }, next: nil)
  }

  private static func listVersions(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let current = call.control.status().versions
    let versions = try call.read { (snapshot) throws(StoreError) in try snapshot.versions() }
    return .page(
      versions.filter { $0.inFlight > 0 || current[$0.workflow] == $0.number }.map {
        RelayView.version($0, isCurrent: current[$0.workflow] == $0.number)
      }, next: nil)
  }

  private static func listHooks(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let counters = try call.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    let names = Set(counters.hooks.keys).union(call.control.status().hooks).sorted()
    return .page(names.map { RelayView.hook($0, counters.hooks[$0] ?? HookCounters()) }, next: nil)
  }

  private static func signSample(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let object = try call.object("body_base64", "headers")
    guard let text = object["body_base64"]?.string, let body = Base64.standard.decode(text.utf8) else {
      throw .invalid("body_base64 is missing, or no base64.")
    }
    var headers = HeaderFields()
    for header in object["headers"]?.array ?? [] {
      guard let name = header["name"]?.string, let value = header["value"]?.string else {
        throw .invalid("headers must be a list of {name, value}.")
      }
      headers.append(name, value)
    }
    let sample = SampleRequest(hook: try call.resourceName(call.path["name"]), headers: headers, body: body)
    let signed = try call.ask { (control) throws(ControlError) in try control.sign(sample) }
    call.audit("hook.sign", sample.hook)
    return .json([
      "url": .string(signed.url),
      "headers": .array(
        signed.headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
    ])
  }

  private static func workflowExecutions(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let name = try call.resourceName(call.path["name"])
    let counters = try call.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    guard counters.workflows[name] != nil || call.control.status().workflows.contains(name) else {
      throw .notFound("There is no workflow \(name).")
    }
    return try listExecutions(call, workflow: name)
  }

  private static func executeWorkflow(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let object = try call.object("workflow", "event")
    let name = try call.resourceName(object["workflow"]?.string)
    guard let written = object["event"] else { throw .invalid("event is missing.") }
    let event = try manualEvent(written, actor: call.caller.name)
    let accepted = try call.ask { (control) throws(ControlError) in
      try control.execute(workflow: name, event: event)
    }
    let tag = call.store.tag
    let id = tag.id(.execution, accepted.execution)
    call.audit("workflow.execute", name, id)
    return .json(
      ["id": .string(tag.id(.event, accepted.event)), "executions": [.string(id)]], status: 202)
  }

  /// An object of `body` with nothing beside it but `type` and `headers` describes the event; any other value
  /// is the event's body.
  private static func manualEvent(_ value: JSON, actor: String) throws(AdminProblem) -> ManualEvent {
    var headers = HeaderFields([("Content-Type", "application/json")])
    guard let object = value.object, let body = object["body"],
      object.members.allSatisfy({ ["type", "headers", "body"].contains($0.name) })
    else { return ManualEvent(headers: headers, body: value.serialized(), actor: actor) }
    if let given = object["headers"] {
      guard let members = given.object?.members else {
        throw .invalid("event.headers must be an object of texts.")
      }
      headers = HeaderFields()
      for member in members {
        guard let text = member.value.string else {
          throw .invalid("event.headers must be an object of texts.")
        }
        headers.append(member.name, text)
      }
      if headers.occurrences("Content-Type") == 0 { headers.append("Content-Type", "application/json") }
    }
    return ManualEvent(type: object["type"]?.string, headers: headers, body: body.serialized(), actor: actor)
  }
}
