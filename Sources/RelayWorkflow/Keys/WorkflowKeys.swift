internal import RelayDocuments
internal import RelayModel

/// The keys of a document.
enum WorkflowKeys {
  static let schema = Key("$schema", .text, "The schema of this file, for editors.")
  static let name = Key("name", .resourceName, required: true, "The workflow's name.")
  static let trigger = Key(
    "on", TriggerKeys.shape, "Which events start the workflow; none where it is left out.")
  static let retry = Key(
    "retry", RetryKeys.shape, "How steps are tried again, where they say nothing themselves.")
  static let concurrency = Key(
    "concurrency", ConcurrencyKeys.shape, "How many executions of the workflow may be under way at once.")
  static let steps = Key("steps", StepsForm(), required: true, "What is done, in order.")
  static let onFailure = Key(
    "onFailure", StepsForm(mayBeEmpty: true), "What is done where a step failed for good; sees `failure`.")

  static let shape = Shape([schema, name, trigger, retry, concurrency, steps, onFailure])
}

/// The keys of `on`.
enum TriggerKeys {
  static let hook = Key("hook", .resourceName, required: true, "The hook whose events start the workflow.")
  static let condition = Key("if", .expression, "Which of them do; an error is no match.")
  static let priority = Setting(
    "priority", .integer(in: 0...9), default: 0, "What goes first where more is due than may run; 9 is first."
  )
  static let order = Key("order", .expression, "Events of an equal key run one at a time, in order.")
  static let debounce = Key("debounce", DebounceKeys.shape, "Runs once for a burst, with its last event.")
  static let throttle = Key("throttle", ThrottleKeys.shape, "Bounds how many executions begin within a time.")

  static let paces = Alternatives(.oneOrNone, of: debounce, throttle)
  static let shape = Shape([hook, condition, priority, order, debounce, throttle], paces)
}

/// The keys of `on.debounce`.
enum DebounceKeys {
  static let key = Key("key", .expression, "Bursts are told apart by it.")
  static let quiet = Key(
    "for", .duration(in: Pace.spans), required: true, "How long no other event must come.")
  static let most = Key("max", .duration(in: Pace.spans), "How long after the first event at the latest.")

  static let shape = Shape([key, quiet, most])
}

/// The keys of `on.throttle`.
enum ThrottleKeys {
  static let key = Key("key", .expression, "Events are counted by it.")
  static let limit = Key("limit", .integer(in: 1...Pacing.most), required: true, "How many may begin.")
  static let span = Key("per", .duration(in: Pace.spans), required: true, "Within which time.")

  static let shape = Shape([key, limit, span])
}

/// The keys of `concurrency`.
enum ConcurrencyKeys {
  static let key = Key("key", .expression, "Executions are counted by it, all together where there is none.")
  static let limit = Key("limit", .integer(in: 1...Lane.widest), required: true, "How many.")

  static let shape = Shape([key, limit])
}

/// The keys of `retry`, of a document and of a step.
enum RetryKeys {
  private static let day = Duration.seconds(86_400)

  static let initial = Key(
    "initial", .duration(in: .milliseconds(1)...day), "The first wait; 1s where nothing is written.")
  static let factor = Key("factor", .number(in: 1...100), "What each wait is longer by; 2.")
  static let longest = Key("max", .duration(in: .milliseconds(1)...(day * 30)), "The longest wait; 1h.")
  static let jitter = Key("jitter", .choice(of: RetryPolicy.Jitter.self), "How waits are spread; full.")
  static let span = Key(
    "for", .duration(in: .zero...(day * 365)), "How long after the first attempt another may begin; 7d.")
  static let attempts = Key("attempts", .integer(in: 1...1_000_000), "How many attempts at most; any number.")

  static let shape = Shape(named: "retry", [initial, factor, longest, jitter, span, attempts])
}
