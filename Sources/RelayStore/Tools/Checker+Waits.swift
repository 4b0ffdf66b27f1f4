internal import RelayModel

extension Checker {
  /// What waits for an event stands under what it waits for, and nothing else does.
  mutating func checkWaits(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.waits, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey()
      guard let wait: WaitRecord = try checker.read(entry, .waits, snapshot) else { return }
      if try snapshot.execution(key)?.listens != true {
        checker.found(.waits, entry, "its execution does not wait")
      }
      if let place = wait.place(of: key), try !snapshot.contains(place.database, place.key) {
        checker.found(.waits, entry, "it does not stand under what it waits for")
      }
    }
    for database in [Database.eventWaits, .awaited] {
      try walk(database, snapshot) { checker, snapshot, entry throws(StoreError) in
        let key = entry.recordKey(at: entry.keyCount - 8)
        guard let place = try snapshot.wait(of: key)?.place(of: key), place.database == database,
          entry.matches(place.key)
        else { return checker.found(database, entry, "its execution does not wait for it") }
      }
    }
    try walk(.parents, snapshot) { checker, snapshot, entry throws(StoreError) in
      _ = try checker.read(entry, .parents, snapshot, as: ParentLink.self)
      if try snapshot.execution(entry.recordKey())?.hasParent != true {
        checker.found(.parents, entry, "its execution was started by none")
      }
    }
    try walk(.waitKinds, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard let counted: CountedKind = try checker.read(entry, .waitKinds, snapshot) else { return }
      let waiting = try snapshot.waiting(counted.kind.place, limit: .max).count
      if waiting != counted.waiting {
        checker.found(.waitKinds, entry, "kept as \(counted.waiting) that wait, counted as \(waiting)")
      }
    }
  }
}

extension WaitRecord {
  /// The entry that it has; nil once its time is over.
  fileprivate func place(of execution: RecordKey) -> (database: Database, key: KeyBytes)? {
    switch (subject, outcome) {
    case (.event(let awaited), nil): (.eventWaits, awaited.entry(of: execution))
    case (.event, .event(let event)): (.awaited, AwaitedKey.make(event, execution))
    case (.event, _), (.approval, _), (.run, _): nil
    }
  }
}
