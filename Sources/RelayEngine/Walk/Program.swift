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

  package init(_ workflow: Workflow, version: String, vars: Value) {
    self.workflow = workflow
    self.version = version
    self.vars = vars
    self.steps = workflow.steps.map { ProgramStep($0, name: $0.id) }
    self.onFailure = workflow.onFailure.map { ProgramStep($0, name: "\(Workflow.failurePath)/\($0.id)") }
  }

  /// The step at `path`; nil beyond the end of its section.
  func step(at path: StepPath) -> ProgramStep? {
    let steps = path.section == .steps ? steps : onFailure
    return path.step < steps.count ? steps[path.step] : nil
  }

  var beginsWithWait: Bool { if case .wait? = steps.first?.step.verb { true } else { false } }
}
