internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads `wait`: a duration, or a mapping that says what for.
struct WaitReader {
  private let step: MappingReader
  private let known: KnownNames

  init(_ step: MappingReader, _ known: KnownNames) {
    self.step = step
    self.known = known
  }

  func read() -> WaitStep? {
    switch step.read(StepKeys.wait) {
    case nil: nil
    case .short(let text): span(text)
    case .long(let reader): form(reader)
    }
  }

  private func span(_ text: WrittenText) -> WaitStep? {
    guard let template = step.template(text, known) else { return nil }
    if let literal = template.literal {
      guard let duration = Duration(text: literal), duration <= WaitStep.longest else {
        step.reject(StepKeys.wait, "must be a duration such as 10m (ms, s, m, h, d), at most ten years")
        return nil
      }
    }
    return .span(template)
  }

  private func form(_ reader: MappingReader) -> WaitStep? {
    let found = reader.found(WaitKeys.forms)
    defer { reader.finish() }
    guard found.count == 1 else {
      let shown = found.isEmpty ? "none" : found.joined(separator: " and ")
      let names = WaitKeys.forms.names.joined(separator: ", ")
      step.diagnostics.error(
        "\(reader.path) needs exactly one of \(names); found \(shown)", at: reader.position)
      return nil
    }
    if reader.found(WaitKeys.ends).count > 1 {
      reader.reject(WaitKeys.timeout, "has no place beside until, which is an end itself")
    }
    let timeout = reader.read(WaitKeys.timeout)
    if let wanted = reader.read(WaitKeys.event) { return event(wanted, timeout).map(WaitStep.event) }
    if let question = reader.read(WaitKeys.approval) { return .approval(approval(question, timeout)) }
    return until(reader)
  }

  // MARK: event

  private func event(_ event: MappingReader, _ timeout: Duration) -> EventWait? {
    let hook = event.read(EventWaitKeys.hook)
    if let hook, let hooks = known.hooks, !hooks.contains(hook) {
      let hint = nearest(to: hook, among: hooks).map { "; did you mean \"\($0)\"?" } ?? ""
      event.reject(EventWaitKeys.hook, "is none of the configuration's hooks\(hint)")
    }
    let key = event.expression(EventWaitKeys.key, .candidate)
    let value = event.expression(EventWaitKeys.value, known)
    let condition = event.expression(EventWaitKeys.condition, .candidate)
    event.finish()
    guard let hook, let key, let value else { return nil }
    do throws(ExpressionError) {
      let question = try EventQuestion(hook: hook, key: key.source, condition: condition?.source)
      return EventWait(question: question, value: value, timeout: timeout)
    } catch {
      // Both were read a moment ago.
      return nil
    }
  }

  // MARK: approval

  private func approval(_ approval: MappingReader, _ timeout: Duration) -> ApprovalWait {
    let title = approval.template(ApprovalKeys.title, known)
    let message = approval.template(ApprovalKeys.message, known)
    approval.finish()
    return ApprovalWait(title: title, message: message, timeout: timeout)
  }

  /// Whether a step, as it is written, waits for an approval.
  static func asks(_ step: DocumentNode) -> Bool {
    step[StepKeys.wait.name]?[WaitKeys.approval.name] != nil
  }

  // MARK: until

  private func until(_ reader: MappingReader) -> WaitStep? {
    guard let template = reader.template(WaitKeys.until, known) else { return nil }
    if let literal = template.literal, WaitStep.instant(literal) == nil {
      reader.reject(WaitKeys.until, WaitKeys.until.form.complaint)
      return nil
    }
    return .until(template)
  }
}
