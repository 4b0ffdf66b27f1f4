internal import Glibc
internal import RelayAdmin
internal import RelayEngine
internal import RelayModel
internal import RelayStore

extension Relay {
  /// The reload that a signal or a changed file asks for.
  func reload(under supervision: Supervision?) {
    guard let supervision else {
      _ = reload()
      return
    }
    supervision.reload { _ = reload() }
  }
}

extension Supervision {
  /// For whoever the environment names; nil where it names nobody.
  convenience init?(of relay: Relay, environment: [String: String]) {
    do throws(NotifySocket.Failure) {
      guard let socket = try NotifySocket(environment: environment) else { return nil }
      self.init(
        socket, Wishes(environment: environment, process: getpid()),
        serving: [Pulse { [engine = relay.engine] in engine.probe($0) }],
        lasting: [Pulse { [store = relay.store] in store.probe($0) }], log: relay.log
      ) { [unowned relay] in Standing(relay.status()) }
    } catch {
      relay.log.warning("the supervisor cannot be told", .text("why", error.description))
      return nil
    }
  }
}

extension Supervision.Standing {
  init(_ status: RelayStatus) {
    isReady = status.isReady
    guard status.isReady else {
      self.status = "not ready: \(status.obstacle ?? "starting")"
      return
    }
    self.status =
      "ready: hooks \(status.hooks.count), workflows \(status.workflows.count), generation \(status.generation)"
    if let first = status.reloadErrors.first { self.status += "; the last change is refused: \(first)" }
  }
}
