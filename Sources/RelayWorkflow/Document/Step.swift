package import RelayDocuments
package import RelayExpressions

/// One step: when, how often, and exactly one verb.
package struct Step: Sendable {
  /// Unique among its neighbours.
  package var id: String
  /// For people; the id where none is given.
  package var name: String
  /// False skips the step, whose value then is null. An error fails the step.
  package var condition: Expression?
  package var retry: RetryPolicy
  /// Of one attempt.
  package var timeout: Duration
  /// A failure becomes the step's value and the walk goes on.
  package var continueOnError: Bool
  package var verb: Verb
  package var position: DocumentPosition

  /// What `timeout` is where the document says nothing.
  package static let defaultTimeout = Duration.seconds(30)
}

/// What a step does.
package enum Verb: Sendable {
  /// An object of values.
  case set(ValueTemplate)
  /// An object of values, each from its place through transforms.
  case map(MapStep)
  case http(HTTPStep)
  case forward(ForwardStep)
  case wait(WaitStep)
  /// The steps of the first branch that is wanted.
  case `switch`([SwitchBranch])
  /// Steps for each element of a list.
  case forEach(ForEachStep)
  /// Lists of steps side by side.
  case parallel([ParallelBranch])
  /// Another workflow, to its end.
  case run(RunStep)
  /// Answers the request that started the execution.
  case respond(RespondStep)
  case code(CodeStep)
  /// Ends the execution well; the message is for people.
  case stop(message: Template?)
  /// Ends the execution badly; the message becomes that of the failure.
  case fail(message: Template?)

  /// The verb's name in the document.
  package var name: String {
    switch self {
    case .set: "set"
    case .map: "map"
    case .http: "http"
    case .forward: "forward"
    case .wait: "wait"
    case .switch: "switch"
    case .forEach: "forEach"
    case .parallel: "parallel"
    case .run: "run"
    case .respond: "respond"
    case .code: "code"
    case .stop: "stop"
    case .fail: "fail"
    }
  }

  /// Whether the step must be durable before the next begins, and is not run again after a crash.
  package var hasEffect: Bool {
    switch self {
    case .http, .forward, .wait, .run, .code, .respond: true
    case .set, .map, .switch, .forEach, .parallel, .stop, .fail: false
    }
  }
}
