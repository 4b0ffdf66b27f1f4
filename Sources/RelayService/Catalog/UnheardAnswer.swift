internal import RelayDocuments
internal import RelayWorkflow

/// Finds a `respond` step whose hook does not wait for it: it is recorded, and reaches nobody.
enum UnheardAnswer {
  /// Warns of every such step at its place.
  static func report(_ workflow: Workflow, _ hooks: KnownHooks, _ diagnostics: Diagnostics) {
    guard let hook = workflow.trigger.hook, hooks.names.contains(hook), !hooks.waiting.contains(hook) else {
      return
    }
    for step in workflow.allSteps {
      guard case .respond = step.verb else { continue }
      diagnostics.warning(
        "step \(step.id) answers nobody: the hook \(hook) does not wait for it; give the hook "
          + "`respond: { timeout: 2500ms }`", at: step.position)
    }
  }
}
