internal import RelayModel

/// A workflow version as the store has it.
package struct ListedVersion: Sendable {
  package let number: UInt32
  package let workflow: String
  /// SHA-256 of the document.
  package let hash: [UInt8]
  /// Executions on it that have not ended.
  package let inFlight: Int
}

extension Snapshot {
  /// Every version, the oldest first. Looks at each execution that has not ended: with a million of them, seconds.
  package func versions() throws(StoreError) -> [ListedVersion] {
    let counts = try inFlightByVersion()
    var versions: [ListedVersion] = []
    let cursor = try cursor(.versions)
    var entry = try cursor.first()
    while let found = entry {
      let version: WorkflowVersion = try decode(found, .versions)
      versions.append(
        ListedVersion(
          number: version.number, workflow: version.name, hash: version.hash,
          inFlight: counts[version.number] ?? 0))
      entry = try cursor.next()
    }
    return versions
  }

  /// What has not ended stands in one of two indexes.
  private func inFlightByVersion() throws(StoreError) -> [UInt32: Int] {
    var counts: [UInt32: Int] = [:]
    for (database, offset) in [(Database.running, 0), (.due, DueKey.executionOffset)] {
      let cursor = try cursor(database)
      var entry = try cursor.first()
      while let found = entry {
        do throws(StoreError) {
          let key = KeyBytes(found.recordKey(at: offset))
          // A strand is a part of an execution that is counted.
          if let record: ExecutionRecord = try record(.executions, key), record.strand == nil {
            counts[record.version, default: 0] += 1
          }
        } catch .damaged {
          // Not counted; `doctor --store` and `health.damaged` speak of it.
        }
        entry = try cursor.next()
      }
    }
    return counts
  }
}
