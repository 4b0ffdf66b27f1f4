internal import RelayDocuments
internal import RelayExpressions
internal import RelayHTTP
package import RelayWorkflow

/// One step of a program, with what all its executions have in common.
///
/// A request that holds no expression is rendered here, once, so that the commonest executions evaluate
/// nothing and never look into their event.
package final class ProgramStep: Sendable {
  package let step: Step
  package let retry: RetryRule
  /// The request, where it is the same for every execution.
  let fixed: StepRequest?
  /// Where the requests go, where that is written out.
  let destination: Destination?
  /// Credentials of its request.
  let auth: RequestAuth?
  /// How its request is signed.
  let signing: Signing?
  /// Whether its request goes on to where an answer redirects it.
  let follows: Bool
  /// Whether it says itself which answers are a success.
  let expects: Bool
  /// The lists of steps inside it.
  private let blocks: [[ProgramStep]]
  /// How many of its branches or turns may be under way at once: one, where nothing inside it has an effect
  /// by which that could be told.
  let width: Int

  package init(_ step: Step) {
    self.step = step
    self.blocks = step.verb.blocks.map { $0.map(ProgramStep.init) }
    self.width = step.verb.blocks.contains { $0.contains(where: \.hasEffect) } ? step.verb.width : 1
    self.retry = RetryRule(step.retry)
    self.fixed = Self.fixedRequest(step)
    self.destination = step.verb.url?.literalDestination
    self.auth = step.verb.call?.auth
    self.signing = step.verb.signing
    self.follows = step.verb.call?.follow ?? false
    self.expects = step.verb.call?.expect != nil
  }

  /// The steps of a turn of the loop, or of a branch; nil where there is no such branch.
  func block(_ turn: UInt32) -> [ProgramStep]? {
    let index = isLoop ? 0 : Int(turn)
    return index < blocks.count ? blocks[index] : nil
  }

  /// Whether one list of steps out of several is taken.
  var isChoice: Bool { if case .switch = step.verb { true } else { false } }

  var isLoop: Bool { if case .forEach = step.verb { true } else { false } }

  /// How many lists of steps it runs, where it runs all of them; of a loop, with as many elements.
  func turns(elements: Int) -> Int {
    switch step.verb {
    case .forEach: elements
    case .parallel(let branches): branches.count
    default: 1
    }
  }

  /// How the path of a step names the branch or turn, the slash behind it included.
  func label(ofTurn turn: UInt32) -> String {
    switch step.verb {
    case .forEach: "[\(turn)]/"
    case .parallel(let branches) where Int(turn) < branches.count: "/\(branches[Int(turn)].name)/"
    default: "/\(turn)/"
    }
  }

  /// The turn or branch that `label` names, without brackets or slashes.
  func turn(labelled label: some StringProtocol) -> UInt32? {
    if case .parallel(let branches) = step.verb {
      return branches.firstIndex { $0.name == label }.map { UInt32($0) }
    }
    return UInt32(label)
  }

  private static func fixedRequest(_ step: Step) -> StepRequest? {
    guard case .http(let call) = step.verb, call.isFixed else { return nil }
    do {
      return StepRequest(try call.render(in: Bindings()))
    } catch {
      // Rendered again at the step, where the error becomes the step's.
      return nil
    }
  }
}

extension Verb {
  fileprivate var call: HTTPStep? { if case .http(let call) = self { call } else { nil } }

  fileprivate var signing: Signing? { if case .forward(let forward) = self { forward.sign } else { nil } }

  fileprivate var width: Int {
    switch self {
    case .parallel(let branches): branches.count
    case .forEach(let loop): loop.concurrency
    default: 1
    }
  }
}

extension Step {
  /// Whether it does anything that lasts, or something inside it does.
  fileprivate var hasEffect: Bool {
    verb.hasEffect || verb.blocks.contains { $0.contains(where: \.hasEffect) }
  }
}

extension HTTPStep {
  /// No expression has a part in the request.
  fileprivate var isFixed: Bool {
    url.literal != nil && (method.map { $0.literal != nil } ?? true)
      && query.allSatisfy { $0.value.literal != nil } && headers.allSatisfy { $0.value.literal != nil }
      && body.isFixed
  }
}

extension RequestBody {
  fileprivate var isFixed: Bool {
    switch self {
    case .none: true
    case .json(let value): value.literal != nil
    case .form(let fields): fields.allSatisfy { $0.value.literal != nil }
    case .text(let text), .raw(let text): text.literal != nil
    case .multipart: false
    }
  }
}
