internal import RelayDocuments
package import RelayExpressions
internal import RelayStore
package import RelayWorkflow

/// A workflow version made ready to be walked: read once, shared by all its executions.
package final class Program: Sendable {
  package let workflow: Workflow
  /// The content address, as expressions see it.
  package let version: String
  let vars: Value
  private let steps: [ProgramStep]
  private let onFailure: [ProgramStep]
  /// Some step waits for an approval.
  let asks: Bool

  package init(_ workflow: Workflow, version: String, vars: Value) {
    self.workflow = workflow
    self.version = version
    self.vars = vars
    self.steps = workflow.steps.map(ProgramStep.init)
    self.onFailure = workflow.onFailure.map(ProgramStep.init)
    self.asks = workflow.allSteps.contains(where: \.asks)
  }

  /// The step at `path`; nil beyond the end of its list, and where the document has no such place.
  func step(at path: StepPath) -> ProgramStep? {
    var list = path.section == .steps ? steps : onFailure
    if path.depth == 1 { return list.element(path.step) }
    var found: ProgramStep?
    for place in path.line {
      if let turn = place.turn { list = found?.block(turn) ?? [] }
      found = list.element(place.step)
    }
    return found
  }

  /// The steps that wait for an approval in the lists on the way to `path`.
  func approvals(around path: StepPath) -> [(id: String, path: StepPath)] {
    guard asks else { return [] }
    var found: [(id: String, path: StepPath)] = []
    for place in path.line {
      var sibling = place.first
      while let step = step(at: sibling) {
        if step.step.asks { found.append((step.step.id, sibling)) }
        sibling = sibling.next
      }
    }
    return found
  }

  /// `path` in names: `summary`, `route/0/notify`, `each[3]/notify`, `onFailure/tell`.
  func name(of path: StepPath) -> String {
    if path.depth == 1, path.section == .steps { return steps.element(path.step)?.step.id ?? "" }
    var name = path.section == .onFailure ? "\(Workflow.failurePath)/" : ""
    var list = path.section == .steps ? steps : onFailure
    var around: ProgramStep?
    for place in path.line {
      if let turn = place.turn {
        name += around?.label(ofTurn: turn) ?? "/\(turn)/"
        list = around?.block(turn) ?? []
      }
      around = list.element(place.step)
      name += around?.step.id ?? ""
    }
    return name
  }

  /// The step with the name `name`; nil where the document has none.
  func path(named name: String) -> StepPath? {
    var parts = name.split(separator: "/")[...]
    let isFailure = parts.first.map { $0 == Workflow.failurePath } ?? false
    if isFailure { parts.removeFirst() }
    var list = isFailure ? onFailure : steps
    var around: StepPath?
    while let part = parts.popFirst() {
      let id = part.prefix { $0 != "[" }
      guard let ordinal = list.firstIndex(where: { $0.step.id == id }) else { return nil }
      let path = around?.step(ordinal) ?? StepPath(isFailure ? .onFailure : .steps, ordinal)
      guard !parts.isEmpty else { return path }
      let label = list[ordinal].isLoop ? part.dropFirst(id.count + 1).dropLast() : parts.popFirst() ?? ""
      guard let turn = list[ordinal].turn(labelled: label), let block = list[ordinal].block(turn) else {
        return nil
      }
      list = block
      around = path.item(turn)
    }
    return nil
  }

  /// The last step of a branch or turn of the step at `path`: its output is the branch's.
  func lastStep(of path: StepPath, turn: UInt32) -> StepPath {
    let count = step(at: path)?.block(turn)?.count ?? 1
    return path.item(turn).step(max(count, 1) - 1)
  }

  /// What the first step decides is on record before it is over.
  var beginsWithWait: Bool {
    switch steps.first?.step.verb {
    case .wait, .run: true
    default: false
    }
  }
}

extension [ProgramStep] {
  fileprivate func element(_ index: Int) -> ProgramStep? { index < count ? self[index] : nil }
}
