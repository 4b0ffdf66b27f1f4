internal import RelayModel

extension Checker {
  /// A fork counts its strands, and each of these stands under it.
  mutating func checkStrands(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.executions, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey()
      // A damaged one was found before.
      let record = snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self)
      if let record, try snapshot.isForgotten(key, record) {
        checker.found(.executions, entry, "nothing will ever wake it")
      }
      guard let place = record?.strand else { return }
      if try !snapshot.contains(.strands, StrandKey.make(place, key)) {
        checker.found(.executions, entry, "it is a strand, and does not stand under its step")
      }
      if try !snapshot.contains(.forks, KeyBytes(place.root, place.block)) {
        checker.found(.executions, entry, "it is a strand of a step that has no branches under way")
      }
    }
    try walk(.strands, snapshot) { checker, snapshot, entry throws(StoreError) in
      let key = entry.recordKey(at: entry.keyCount - 8)
      guard let place = try snapshot.execution(key)?.strand, entry.matches(StrandKey.make(place, key)) else {
        return checker.found(.strands, entry, "its execution is no strand of this step")
      }
    }
    try walk(.forks, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard let fork: ForkRecord = try checker.read(entry, .forks, snapshot) else { return }
      let owner = try snapshot.execution(fork.owner)
      if owner?.forks != true { checker.found(.forks, entry, "its owner has no branches under way") }
      var open: UInt32 = 0
      if let prefix = entry.wholeKey { open = try snapshot.openStrands(prefix) }
      let isAtRest = owner?.status.isFinal == true || fork.isHeld
      if !isAtRest, open != fork.open {
        checker.found(.forks, entry, "kept as \(fork.open) strands under way, counted as \(open)")
      }
      if open > 0, owner?.due != .distantFuture {
        checker.found(.forks, entry, "its owner does not wait for its strands")
      }
    }
  }
}

extension Snapshot {
  /// True where an execution waits for no instant, and for nothing else that is there.
  func isForgotten(_ key: RecordKey, _ record: ExecutionRecord) throws(StoreError) -> Bool {
    guard record.due == .distantFuture, !record.listens, record.awaitedLane == nil else { return false }
    return try !contains(.forks, KeyBytes(record.root(key), record.position))
  }

  /// The strands of the fork under `prefix` that have not ended.
  func openStrands(_ prefix: KeyBytes) throws(StoreError) -> UInt32 {
    var open: UInt32 = 0
    let cursor = try cursor(.strands)
    var entry = try cursor.seek(prefix)
    while let next = entry, next.starts(with: prefix) {
      // Those of steps inside it have longer keys.
      if next.keyCount == prefix.count + 8,
        try execution(next.recordKey(at: prefix.count))?.status.isFinal == false
      {
        open += 1
      }
      entry = try cursor.next()
    }
    return open
  }
}
