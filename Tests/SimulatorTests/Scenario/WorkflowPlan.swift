import RelayModel
import RelayStore

/// A workflow as the simulator means it: the engine reads `document`, the oracle reads this, and the two
/// must come to the same.
struct WorkflowPlan: Sendable {
  var name: String
  var steps: [StepPlan]
  var onFailure: [StepPlan]
  var lanes: LanePlan

  /// - Parameters:
  ///   - lanes: decides on the lanes, apart from all else, so that a seed's steps are what they were before.
  ///   - drawing: draws the steps.
  init(name: String, _ random: SeededRandom, lanes: SeededRandom, _ drawing: StepDrawing) {
    self.name = name
    self.lanes = LanePlan(lanes)
    let count = random.pick([1, 1, 2, 2, 3, 4, 5])
    var scope = StepDrawing.Scope()
    steps = (0..<count).map { drawing.step("s\($0)", isLast: $0 == count - 1, &scope) }
    scope = StepDrawing.Scope()
    onFailure = random.chance(35) ? [drawing.step("tell", isLast: false, &scope)] : []
    if !onFailure.isEmpty, random.chance(30) {
      onFailure.append(drawing.step("mark", isLast: true, &scope))
    }
  }
}

// MARK: Places

extension WorkflowPlan {
  /// The step at `place`, with the limit of attempts that it has from the steps around it; nil beyond the end of
  /// its list.
  func step(at place: StepPath) -> StepPlan? {
    var list = place.section == .steps ? steps : onFailure
    var found: StepPlan?
    var attempts: Int?
    for step in place.line {
      if let turn = step.turn { list = found?.steps(ofTurn: turn) ?? [] }
      found = step.step < list.count ? list[step.step] : nil
      attempts = found?.retry.attempts ?? attempts
    }
    found?.retry.attempts = attempts
    return found
  }

  /// The step at `place` in names, without its section: `a`, `a/0/b`, `a[2]/b`.
  func name(of place: StepPath) -> String {
    place.line.reduce(into: "") { name, place in
      if let turn = place.turn {
        name += place.block.flatMap { step(at: $0) }?.label(ofTurn: turn) ?? "?"
      }
      name += step(at: place)?.id ?? "?"
    }
  }

  /// The place of a step that a key names: `a`, `a/0/b`, `a[2]/b`, `onFailure/a`, `onFailure~2/a`.
  func place(of name: String) -> StepPath? {
    var parts = name.split(separator: "/")[...]
    let isFailure = parts.first?.hasPrefix("onFailure") ?? false
    if isFailure { parts.removeFirst() }
    var list = isFailure ? onFailure : steps
    var around: StepPath?
    while let part = parts.popFirst() {
      let id = part.prefix { $0 != "[" }
      guard let ordinal = list.firstIndex(where: { $0.id == id }) else { return nil }
      let place = around?.step(ordinal) ?? StepPath(isFailure ? .onFailure : .steps, ordinal)
      guard !parts.isEmpty else { return place }
      let label = id.count < part.count ? part.dropFirst(id.count + 1).dropLast() : parts.popFirst() ?? ""
      guard let turn = list[ordinal].turn(labelled: label), let inner = list[ordinal].steps(ofTurn: turn)
      else { return nil }
      list = inner
      around = place.item(turn)
    }
    return nil
  }
}

extension StepPlan {
  /// How a path names a branch or turn, up to the step inside.
  fileprivate func label(ofTurn turn: UInt32) -> String {
    switch verb {
    case .forEach: "[\(turn)]/"
    case .parallel(let branches): "/\(branches[Int(turn)].name)/"
    default: "/\(turn)/"
    }
  }

  /// The branch or turn that `label` names, without brackets and slashes.
  fileprivate func turn(labelled label: some StringProtocol) -> UInt32? {
    guard case .parallel(let branches) = verb else { return UInt32(label) }
    return branches.firstIndex { $0.name == label }.map(UInt32.init)
  }
}

extension StepPath {
  /// The step that this one stands in; nil at the top.
  var block: StepPath? { parent?.parent }
}
