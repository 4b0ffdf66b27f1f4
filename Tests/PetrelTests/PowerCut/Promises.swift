import RelayModel
import RelayService
import RelayStore

/// What the outside was told up to an instant, which every later state of the disk must bear out.
struct Promises {
  /// Events whose 2xx was about to be sent.
  private(set) var acknowledged: [String] = []
  /// `Idempotency-Key`s of requests that were about to be sent.
  private(set) var requested: Set<String> = []

  mutating func apply(_ entry: DiskEntry) {
    switch entry.kind {
    case .acknowledge(let event): acknowledged.append(event)
    case .request(let key): requested.insert(key)
    default: break
    }
  }

  struct Broken: Error, CustomStringConvertible {
    let description: String
    /// An acknowledged event is not there.
    var isLoss = false
  }

  /// Opens the data folder `path` as `petrel doctor --offline` does, reads every record, and looks for all that
  /// was promised. Throws `Broken` where something is damaged or missing.
  func hold(in path: String) throws {
    guard Folder.exists("\(path)/data.mdb") else {
      guard acknowledged.isEmpty else { throw Broken(description: "there is no store", isLoss: true) }
      return
    }
    if let damage = StructureCheck.check(directory: path).first {
      throw Broken(description: "\(damage.key): \(damage.what)")
    }
    let store = try Self.opened(path)
    defer { store.drainAndClose() }
    let broken: Broken? = try store.read { snapshot in
      if let finding = try Checker.check(snapshot).findings.first {
        return Broken(description: "\(finding.database) \(finding.key): \(finding.what)")
      }
      if let lost = try firstLost(snapshot) { return Broken(description: "\(lost) is lost", isLoss: true) }
      return try firstForgotten(snapshot).map { Broken(description: "\($0) was begun and is not on record") }
    }
    if let broken { throw broken }
  }

  private static func opened(_ path: String) throws -> Store {
    do {
      return try Store.open(
        StoreConfiguration(directory: path, committer: .manual, access: .readOnly), time: SystemTime(),
        random: SystemRandom())
    } catch {
      throw Broken(description: "it does not open: \(error.message)")
    }
  }

  /// An event that cannot be read whole, or is there without its executions.
  private func firstLost(_ snapshot: borrowing Snapshot) throws -> String? {
    for event in acknowledged {
      guard let key = snapshot.tag.key(.event, event), try snapshot.event(key) != nil,
        try !snapshot.executionsOf(event: key).isEmpty
      else { return event }
    }
    return nil
  }

  /// A request whose attempt was not counted, or that left before the outcome of the step before it was kept.
  private func firstForgotten(_ snapshot: borrowing Snapshot) throws -> String? {
    for request in requested {
      let parts = request.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let key = snapshot.tag.key(.execution, parts[0]),
        let execution = try snapshot.execution(key), execution.totalAttempts > 0
      else { return request }
      let done = try snapshot.journal(of: key).filter { $0.status == .succeeded }.map(\.name)
      if parts[1] == "second" && !done.contains("first") { return request }
    }
    return nil
  }
}
