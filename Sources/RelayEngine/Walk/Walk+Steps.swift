internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// What each verb comes to.
extension Walk {
  /// Nil where the step is over, or stands open with its own steps next.
  func enter(_ known: ProgramStep, wall: Timestamp, now: Timestamp) throws(StepError) -> Stop? {
    if let mark = waitMark { return resume(mark, known, wall: wall, now: now) }
    if let condition = known.step.condition {
      let scope = scope()
      let isWanted = try evaluated { () throws(ExpressionError) in try condition.isTrue(in: scope) }
      guard isWanted else {
        skip(known.step.id, wall: wall)
        return nil
      }
    }
    switch known.step.verb {
    case .set(let template):
      let scope = scope()
      let value = try evaluated { () throws(ExpressionError) in try template.value(in: scope) }
      try finish(with: value, wall: wall)
      return nil
    case .map(let map):
      try finish(with: try map.value(in: scope(), step: keyPath), wall: wall)
      return nil
    case .http(let call):
      if let fixed = known.fixed { return .request(fixed) }
      return request(try call.render(in: scope()), known)
    case .forward(let forward): return request(try forward.render(event.request, in: scope()), known)
    case .code(let code):
      return .script(
        try code.script(in: scope(), timeout: known.step.timeout, seed: "\(executionID):\(keyPath)"))
    case .wait(let wait):
      return try begin(wait, wall: wall, now: now)
    case .switch(let branches):
      try choose(known, branches, wall: wall)
      return nil
    case .forEach(let loop):
      return try begin(loop, known, wall: wall)
    case .parallel:
      return begin(known, wall: wall)
    case .run(let run): return try begin(run, wall: wall)
    case .respond(let respond):
      let rendered = try respond.render(in: scope())
      answer = HookAnswer(status: rendered.status, headers: rendered.headers, body: rendered.body)
      pass(
        BodyValue.outputText(status: rendered.status, headers: rendered.headers, body: rendered.body),
        attempt: nil, wall: wall)
      return nil
    case .stop(let message):
      let text = try message.map { (template) throws(StepError) in try self.text(template) }
      pass(text.map { JSON.string($0).serialized() }, attempt: nil, wall: wall)
      stopped = true
      return nil
    case .fail(let message):
      let text = try message.map { (template) throws(StepError) in try self.text(template) }
      fail(Failure(step: name, code: "fail", message: text ?? "the workflow ended itself here"), wall: wall)
      return nil
    }
  }

  /// Passes a step without an effect, which is over with its value.
  private func finish(with value: JSON, wall: Timestamp) throws(StepError) {
    let text = value.serialized()
    guard text.count <= EngineBounds.output.bytes else {
      throw StepError(.badValue, "the value is larger than \(EngineBounds.output.text)")
    }
    pass(text, attempt: nil, wall: wall)
  }

  private func request(_ rendered: RenderedRequest, _ known: ProgramStep) -> Stop {
    .request(known.destination.map { StepRequest(rendered, to: $0) } ?? StepRequest(rendered))
  }

  private func text(_ template: Template) throws(StepError) -> String {
    let scope = scope()
    return try evaluated { () throws(ExpressionError) in try template.text(in: scope) }
  }
}
