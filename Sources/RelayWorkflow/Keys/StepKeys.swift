internal import RelayDocuments
internal import RelayModel
internal import RelaySandbox

/// The keys of a step.
enum StepKeys {
  static let id = Key(
    "id",
    WordForm(
      first: "a-z", rest: "a-z0-9_", "must be 1 to 64 of a-z, 0-9 and _, beginning with a letter"),
    required: true, "What the step's value stands under, as steps.ID.")
  static let name = Key("name", .text, "For people; the id where it is left out.")
  static let condition = Key("if", .expression, "False skips the step, whose value then is null.")
  static let retry = Key("retry", RetryKeys.shape, "How the step is tried again.")
  static let timeout = Setting(
    "timeout", .duration(in: .milliseconds(1) ... .seconds(86_400)), default: Step.defaultTimeout,
    "How long an attempt may take.")
  static let continueOnError = Setting(
    "continueOnError", .flag, default: false, "A failure becomes the step's value, and the walk goes on.")

  static let set = Key("set", ObjectForm(), "An object of values.")
  static let map = Key(
    "map", MapEntriesForm(), "An object, a value at a time: where each comes from, and what is done to it.")
  static let http = Key("http", HTTPKeys.shape, "A request.")
  static let forward = Key("forward", ForwardKeys.shape, "Passes the event on as it came.")
  static let wait = Key(
    "wait", .either(.template, or: WaitKeys.shape), "A duration such as 2h, or what is waited for.")
  static let branches = Key(
    "switch", BranchesForm(), "The steps of the first branch whose `if` is true.")
  static let loop = Key("forEach", LoopKeys.shape, "Steps for each element of a list.")
  static let parallel = Key("parallel", ParallelForm(), "Lists of steps side by side, by name.")
  static let run = Key("run", RunKeys.shape, "Another workflow, to its end.")
  static let code = Key("code", .either(.text, or: CodeKeys.shape), "A script in Lua 5.4, taken as it is.")
  static let respond = Key(
    "respond", RespondKeys.shape, "Answers the request that started the execution.")
  static let stop = Key("stop", .either(.template, or: EndingKeys.shape), "Ends here, well; a message.")
  static let fail = Key("fail", .either(.template, or: EndingKeys.shape), "Ends here, badly; a message.")

  static let verbs = Alternatives(
    .one, of: set, map, http, forward, wait, branches, loop, parallel, run, code, respond, stop, fail)

  static let shape = Shape(
    named: "step",
    [
      id, name, condition, retry, timeout, continueOnError, set, map, http, forward, wait, branches, loop,
      parallel, run, code, respond, stop, fail,
    ], verbs)
}

/// The keys of `stop` and `fail`, where they are written as objects.
enum EndingKeys {
  static let message = Key("message", .template, "For people.")

  static let shape = Shape([message])
}

/// The keys of `run`.
enum RunKeys {
  static let workflow = Key(
    "workflow",
    WordForm(first: "a-z0-9", rest: "a-z0-9_-", "must be a workflow's name, written out"), required: true,
    "The other workflow's name.")
  static let body = Key("with", .anything, "The body of the event that it sees.")

  static let shape = Shape([workflow, body])
}

/// The keys of `code`, where it is written as an object.
enum CodeKeys {
  static let source = Key("lua", .text, required: true, "The script, taken as it is.")
  static let input = Key(
    "with", ObjectForm(), "What the script sees as `with`; its strings may hold expressions in {{ }}.")
  static let memory = Setting(
    "memory", .size(in: .mebibytes(1)...SandboxBounds.maxMemory), default: SandboxBounds.memory,
    "What its values may hold.")

  static let shape = Shape([source, input, memory])
}
