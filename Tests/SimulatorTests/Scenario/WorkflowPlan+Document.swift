import RelayModel

extension WorkflowPlan {
  /// The document that says the same.
  var document: [UInt8] {
    let main = StepText().list(steps)
    let failure = StepText(inOnFailure: true).list(onFailure)
    return Array(
      #"{"name":"\#(name)","on":{"hook":"inbox"},"steps":[\#(main)],"onFailure":[\#(failure)]}"#.utf8)
  }

  static func url(_ destination: Int, _ id: String) -> String { "https://d\(destination).example/\(id)" }
}

/// Writes steps as a document has them.
private struct StepText {
  var inOnFailure = false
  /// The loops around.
  var loops: [String] = []

  func list(_ steps: [StepPlan]) -> String { steps.map(text).joined(separator: ",\n  ") }

  private func text(_ step: StepPlan) -> String {
    var members = [#""id":"\#(step.id)""#]
    if let condition = step.condition { members.append(#""if":"\#(condition.text)""#) }
    if step.continueOnError { members.append(#""continueOnError":true"#) }
    members += [#""timeout":"\#(step.timeout.text)""#, #""retry":\#(step.retry.text)"#, verb(of: step)]
    return "{\(members.joined(separator: ","))}"
  }

  private func verb(of step: StepPlan) -> String {
    switch step.verb {
    case .set: return #""set":{\#(values(step))}"#
    case .http(let destination, let expects):
      let expect = expects ? #","expect":"response.status == 404 || response.status == 200""# : ""
      let url = WorkflowPlan.url(destination, step.id)
      return #""http":{"method":"POST","url":"\#(url)","json":{\#(values(step))}\#(expect)}"#
    case .forward(let destination):
      return #""forward":{"url":"\#(WorkflowPlan.url(destination, step.id))"}"#
    case .wait(let span): return #""wait":"\#(span.text)""#
    case .stop: return #""stop":{"message":"enough of {{ event.body.id }}"}"#
    case .fail: return #""fail":{"message":"no more of {{ event.body.id }}"}"#
    case .switch(let branches): return #""switch":[\#(branches.map(text).joined(separator: ","))]"#
    case .map(let needs):
      let from = needs.map { "event.body.kind == \($0) ? event.body.id : null" } ?? "event.body.id"
      return #""map":[{"to":"delivery.id","from":"\#(from)","transforms":["trim"],"required":true}]"#
    case .code: return #""code":{"lua":"return with --\#(step.id)","with":{\#(values(step))}}"#
    case .respond: return #""respond":{"status":201,"json":{\#(values(step))}}"#
    case .parallel(let branches):
      return
        #""parallel":{\#(branches.map { #""\#($0.name)":[\#(list($0.steps))]"# }.joined(separator: ","))}"#
    case .forEach(let loop): return #""forEach":{\#(text(loop))}"#
    }
  }

  private func text(_ branch: BranchPlan) -> String {
    let condition = branch.condition.map { #""if":"\#($0.text)","# } ?? ""
    return #"{\#(condition)"steps":[\#(list(branch.steps))]}"#
  }

  private func text(_ loop: LoopPlan) -> String {
    var inside = self
    inside.loops.append(loop.name)
    let lists = loop.counts.map { "[\((0..<$0).map(String.init).joined(separator: ","))]" }
    return #""in":"event.body.kind == 0 ? \#(lists[0]) : \#(lists[1])","as":"\#(loop.name)","#
      + #""concurrency":\#(loop.width),"steps":[\#(inside.list(loop.steps))]"#
  }

  /// What must be the same whenever it is evaluated: the event, the former output, the start, the elements.
  private func values(_ step: StepPlan) -> String {
    var values = [
      #""delivery":"{{ event.body.id }}""#, #""execution":"{{ execution.id }}""#,
      #""started":"{{ execution.started_at }}""#,
    ]
    if let reads = step.reads { values.append(#""before":"{{ steps.\#(reads) }}""#) }
    values += loops.map { #""\#($0)":"{{ \#($0) }}""# }
    if inOnFailure {
      values += [#""code":"{{ failure.code }}""#, #""attempts":"{{ failure.attempts }}""#]
    }
    return values.joined(separator: ",")
  }
}

extension StepPlan.Condition {
  fileprivate var text: String {
    switch self {
    case .kind(let number): "event.body.kind == \(number)"
    case .isNull(let id): "steps.\(id) == null"
    case .element(let name, let number): "\(name) == \(number)"
    }
  }
}

extension RetryPlan {
  fileprivate var text: String {
    let attempts = attempts.map { #","attempts":\#($0)"# } ?? ""
    return #"{"initial":"\#(initial.text)","factor":\#(factor),"max":"\#(max.text)","#
      + #""jitter":"\#(hasJitter ? "full" : "none")","for":"\#(budget.text)"\#(attempts)}"#
  }
}
