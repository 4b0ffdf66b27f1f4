internal import RelayModel

/// Where the steps of an execution stand in another version of its workflow.
package struct StepPlaces: Sendable, Hashable {
  /// Where the execution goes on.
  package let resume: StepPath
  /// By where they stand now: the steps that the other version has too.
  private let places: [StepPath: StepPath]

  package init(resume: StepPath, places: [StepPath: StepPath]) {
    self.resume = resume
    self.places = places
  }

  /// Nil where the other version has no such step.
  package subscript(path: StepPath) -> StepPath? { places[path] }
}

extension WriteTransaction {
  /// Puts what is recorded of the steps where they stand in another version. The outcomes of steps that it does not
  /// have go.
  mutating func move(_ execution: RecordKey, to places: StepPlaces) throws(StoreError) {
    let entries = try snapshot.journal(of: execution)
    for entry in entries { try delete(.journal, KeyBytes(execution, entry.path)) }
    for var entry in entries {
      guard let path = places[entry.path] else { continue }
      entry.path = path
      try put(.journal, KeyBytes(execution, path), entry)
    }
    let attempts = try snapshot.keptAttempts(of: execution)
    for kept in attempts { try delete(.attempts, AttemptKey.make(execution, kept.path, serial: kept.serial)) }
    for kept in attempts {
      guard let path = places[kept.path] else { continue }
      try put(.attempts, AttemptKey.make(execution, path, serial: kept.serial), kept.attempt)
    }
  }
}

extension Snapshot {
  /// Attempts that did not end their step, with the number that their key has.
  fileprivate func keptAttempts(of execution: RecordKey) throws(StoreError)
    -> [(path: StepPath, serial: Int, attempt: AttemptRecord)]
  {
    let prefix = KeyBytes(execution)
    var attempts: [(path: StepPath, serial: Int, attempt: AttemptRecord)] = []
    let cursor = try cursor(.attempts)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix) {
      let end = max(8, found.keyCount - 4)
      guard let path = StepPath(bytes: found.bytes(8..<end)) else {
        throw .damaged(database: Database.attempts.name, key: found.hex)
      }
      attempts.append((path, Int(found.number32(at: end)), try decode(found, .attempts)))
      entry = try cursor.next()
    }
    return attempts
  }
}
