import RelayModel

extension WorkflowPlan {
  /// The document that says the same.
  var document: [UInt8] {
    let main = steps.map { $0.text(inOnFailure: false) }.joined(separator: ",\n  ")
    let failure = onFailure.map { $0.text(inOnFailure: true) }.joined(separator: ",\n  ")
    return Array(
      #"{"name":"\#(name)","on":{"hook":"inbox"},"steps":[\#(main)],"onFailure":[\#(failure)]}"#.utf8)
  }

  static func url(_ destination: Int, _ id: String) -> String { "https://d\(destination).example/\(id)" }
}

extension StepPlan {
  fileprivate func text(inOnFailure: Bool) -> String {
    var members = [#""id":"\#(id)""#]
    if let condition { members.append(#""if":"\#(condition.text)""#) }
    if continueOnError { members.append(#""continueOnError":true"#) }
    members += [#""timeout":"\#(timeout.text)""#, #""retry":\#(retry.text)"#, verbText(inOnFailure)]
    return "{\(members.joined(separator: ","))}"
  }

  private func verbText(_ inOnFailure: Bool) -> String {
    switch verb {
    case .set: return #""set":{\#(values(inOnFailure))}"#
    case .http(let destination, let expects):
      let expect = expects ? #","expect":"response.status == 404 || response.status == 200""# : ""
      let url = WorkflowPlan.url(destination, id)
      return #""http":{"method":"POST","url":"\#(url)","json":{\#(values(inOnFailure))}\#(expect)}"#
    case .forward(let destination): return #""forward":{"url":"\#(WorkflowPlan.url(destination, id))"}"#
    case .wait(let span): return #""wait":"\#(span.text)""#
    case .stop: return #""stop":{"message":"enough of {{ event.body.id }}"}"#
    case .fail: return #""fail":{"message":"no more of {{ event.body.id }}"}"#
    }
  }

  /// What must be the same whenever it is evaluated: the event, the former output, the start.
  private func values(_ inOnFailure: Bool) -> String {
    var values = [
      #""delivery":"{{ event.body.id }}""#, #""execution":"{{ execution.id }}""#,
      #""started":"{{ execution.started_at }}""#,
    ]
    if let reads { values.append(#""before":"{{ steps.\#(reads) }}""#) }
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
