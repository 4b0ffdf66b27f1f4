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
  let fixed: RenderedRequest?
  /// Where the requests go, where that is written out.
  let destination: Destination?
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

  private static func fixedRequest(_ step: Step) -> RenderedRequest? {
    guard case .http(let call) = step.verb, call.isFixed else { return nil }
    do {
      return try call.render(in: Bindings())
    } catch {
      // Rendered again at the step, where the error becomes the step's.
      return nil
    }
  }

  /// Nil where `url` is no URL that may be called.
  static func destination(of url: String) -> Destination? {
    do {
      return try HTTPURL(url).destination
    } catch {
      return nil
    }
  }
}

extension Verb {
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
