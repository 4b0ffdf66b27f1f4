internal import RelayDocuments

/// The keys of `wait`, where it is written as an object.
enum WaitKeys {
  static let until = Key(
    "until",
    IntegerTemplateForm(
      complaint: "must be an instant: RFC 3339 such as 2026-11-25T08:00:00Z, seconds since 1970, or "
        + "{{ an expression }} that gives one"), "An instant.")
  static let event = Key("event", EventWaitKeys.shape, "An event of a hook.")
  static let approval = Key("approval", ApprovalKeys.shape, "What a person decides, by a link.")
  static let timeout = Setting(
    "timeout", .duration(in: .milliseconds(1)...WaitStep.longest), default: WaitStep.defaultTimeout,
    "How long an event or a decision is waited for.")

  static let forms = Alternatives(.one, of: until, event, approval)
  static let ends = Alternatives(.oneOrNone, of: until, timeout)
  static let shape = Shape([until, event, approval, timeout], forms, ends)
}

/// The keys of `wait.event`.
enum EventWaitKeys {
  static let hook = Key("hook", .resourceName, required: true, "The hook that accepts the event.")
  static let key = Key("key", .expression, required: true, "Asked of each event; sees that one only.")
  static let value = Key(
    "equals", .expression, required: true, "What `key` must give; sees what the step sees.")
  static let condition = Key("if", .expression, "Which events count; sees the event only.")

  static let shape = Shape([hook, key, value, condition])
}

/// The keys of `wait.approval`.
enum ApprovalKeys {
  static let title = Key("title", .template, "The question; the step's name where it is left out.")
  static let message = Key("message", .template, "What else the page shows.")

  static let shape = Shape([title, message])
}
