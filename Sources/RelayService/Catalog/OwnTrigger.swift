internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayWorkflow

/// Finds a workflow that would start itself: a step that sends to the very hook that it listens to.
enum OwnTrigger {
  /// Reports every such step at its place.
  ///
  /// - Parameter listener: where hooks are received.
  static func report(_ workflow: Workflow, listener: Listener, _ diagnostics: Diagnostics) {
    guard let hook = workflow.trigger.hook else { return }
    for step in workflow.allSteps {
      guard let text = step.verb.url?.literal, isOwn(text, hook, listener) else { continue }
      diagnostics.error(
        "step \(step.id) sends to /hooks/\(hook), which starts this workflow again and again: send to another hook, or "
          + "run the other workflow by its name", at: step.position)
    }
  }

  private static func isOwn(_ text: String, _ hook: String, _ listener: Listener) -> Bool {
    let url: HTTPURL
    do { url = try HTTPURL(text) } catch { return false }
    guard url.destination.port == listener.port, url.target.prefix(while: { $0 != "?" }) == "/hooks/\(hook)"
    else {
      return false
    }
    switch url.destination.host {
    case .name(let name): return name == "localhost"
    case .address(let address): return address.isLoopback || address == IPAddress(listener.host)
    }
  }
}
