/// The hooks that executions wait on, with the kinds of their waits: what an event has to be asked.
package struct ListeningHooks: Sendable {
  private var kinds: [String: [WaitKind]] = [:]

  init() {}

  /// Reads what the last commit left.
  init(_ snapshot: borrowing Snapshot) throws(StoreError) {
    let cursor = try snapshot.cursor(.waitKinds)
    var entry = try cursor.first()
    while let found = entry {
      let counted: CountedKind = try snapshot.decode(found, .waitKinds)
      add(counted.kind)
      entry = try cursor.next()
    }
  }

  /// In a steady order; empty where nobody waits.
  package subscript(_ hook: String) -> [WaitKind] { kinds.isEmpty ? [] : kinds[hook] ?? [] }

  package var isEmpty: Bool { kinds.isEmpty }

  mutating func add(_ kind: WaitKind) {
    if !self[kind.hook].contains(kind) { kinds[kind.hook, default: []].append(kind) }
  }

  mutating func remove(_ kind: WaitKind) {
    kinds[kind.hook]?.removeAll { $0 == kind }
    if kinds[kind.hook]?.isEmpty == true { kinds[kind.hook] = nil }
  }
}
