/// What a configuration says of its hooks, as far as workflows are judged by it.
package struct KnownHooks: Sendable {
  package let names: [String]
  /// Those that wait for a `respond` step.
  let waiting: Set<String>
  /// Where they are received.
  let listener: Listener

  package init(names: [String], waiting: Set<String> = [], listener: Listener) {
    self.names = names
    self.waiting = waiting
    self.listener = listener
  }

  /// Those of both, received where the other's are.
  func adding(_ other: KnownHooks) -> KnownHooks {
    KnownHooks(
      names: names + other.names, waiting: waiting.union(other.waiting), listener: other.listener)
  }
}

extension Configuration {
  package var knownHooks: KnownHooks {
    KnownHooks(
      names: hooks.map(\.name), waiting: Set(hooks.filter { $0.respondTimeout != nil }.map(\.name)),
      listener: listen)
  }
}
