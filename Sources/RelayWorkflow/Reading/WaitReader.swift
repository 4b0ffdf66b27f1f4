internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads `wait`: a duration, or a mapping that says what for.
struct WaitReader {
  private let step: MappingReader
  private let known: KnownNames

  /// What a mapping may be about.
  static let forms = ["until", "event", "approval"]

  init(_ step: MappingReader, _ known: KnownNames) {
    self.step = step
    self.known = known
  }

  func read() -> WaitStep? {
    guard let node = step.node("wait", required: true) else { return nil }
    guard node.members != nil, let reader = step.mapping("wait") else { return span() }
    return form(reader)
  }

  private func span() -> WaitStep? {
    guard let template = step.template("wait", known) else { return nil }
    if let literal = template.literal {
      guard let duration = Duration(text: literal), duration <= WaitStep.longest else {
        step.reject("wait", "must be a duration such as 10m (ms, s, m, h, d), at most ten years")
        return nil
      }
    }
    return .span(template)
  }

  private func form(_ reader: MappingReader) -> WaitStep? {
    let found = Self.forms.filter(reader.has)
    defer { reader.finish(alsoKnown: Self.forms + ["timeout"]) }
    guard found.count == 1 else {
      let shown = found.isEmpty ? "none" : found.joined(separator: " and ")
      step.diagnostics.error(
        "\(reader.path) needs exactly one of \(Self.forms.joined(separator: ", ")); found \(shown)",
        at: reader.position)
      return nil
    }
    switch found[0] {
    case "event": return event(reader).map(WaitStep.event)
    case "approval": return approval(reader).map(WaitStep.approval)
    default:
      if reader.has("timeout") {
        reader.reject("timeout", "has no place beside until, which is an end itself")
      }
      return until(reader)
    }
  }

  // MARK: event

  private func event(_ reader: MappingReader) -> EventWait? {
    guard let event = reader.mapping("event") else { return nil }
    let hook = event.string("hook", required: true)
    if let hook, !ResourceName.isValid(hook) {
      event.reject("hook", "must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or a digit")
    }
    if let hook, let hooks = known.hooks, !hooks.contains(hook) {
      let hint = nearest(to: hook, among: hooks).map { "; did you mean \"\($0)\"?" } ?? ""
      event.reject("hook", "is none of the configuration's hooks\(hint)")
    }
    let key = event.expression("key", .candidate)
    let value = event.expression("equals", known)
    let condition = event.expression("if", .candidate)
    for name in ["key", "equals"] where !event.has(name) { _ = event.string(name, required: true) }
    event.finish()
    let timeout = timeout(reader)
    guard let hook, let key, let value else { return nil }
    do throws(ExpressionError) {
      let question = try EventQuestion(hook: hook, key: key.source, condition: condition?.source)
      return EventWait(question: question, value: value, timeout: timeout)
    } catch {
      // Both were read a moment ago.
      return nil
    }
  }

  private func timeout(_ reader: MappingReader) -> Duration {
    reader.duration("timeout", in: .milliseconds(1)...WaitStep.longest) ?? WaitStep.defaultTimeout
  }

  // MARK: approval

  private func approval(_ reader: MappingReader) -> ApprovalWait? {
    guard let approval = reader.mapping("approval") else { return nil }
    let title = approval.template("title", known)
    let message = approval.template("message", known)
    approval.finish()
    return ApprovalWait(title: title, message: message, timeout: timeout(reader))
  }

  /// Whether a step, as it is written, waits for an approval.
  static func asks(_ step: DocumentNode) -> Bool { step["wait"]?["approval"] != nil }

  // MARK: until

  private func until(_ reader: MappingReader) -> WaitStep? {
    guard let node = reader.node("until") else { return nil }
    // Seconds may be written as the number that they are.
    let text = node.json.int.map(String.init) ?? node.string
    guard let text else {
      reader.reject("until", Self.wanted)
      return nil
    }
    guard let template = reader.template(node, text, known) else { return nil }
    if let literal = template.literal, WaitStep.instant(literal) == nil {
      reader.reject("until", Self.wanted)
      return nil
    }
    return .until(template)
  }

  private static let wanted =
    "must be an instant: RFC 3339 such as 2026-11-25T08:00:00Z, seconds since 1970, or {{ an expression }} "
    + "that gives one"
}
