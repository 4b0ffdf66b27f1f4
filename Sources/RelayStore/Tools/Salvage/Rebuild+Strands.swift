internal import RelayModel

extension Rebuild {
  /// Drops strands that belong to nothing, counts the others, and lets an owner go on that waits for none.
  mutating func rebuildForks() throws(StoreError) {
    try each(.forks, "it is damaged, or its execution is not there") {
      rebuild, transaction, bytes throws(StoreError) in
      var key = KeyBytes()
      key.add(bytes)
      guard var fork = transaction.snapshot.believed(.forks, key, as: ForkRecord.self),
        var owner = transaction.snapshot.believed(
          .executions, KeyBytes(fork.owner), as: ExecutionRecord.self)
      else { return false }
      let open = try transaction.snapshot.openStrands(key)
      if open != fork.open, !owner.status.isFinal {
        fork.open = open
        try transaction.put(.forks, key, fork)
      }
      guard open == 0, owner.due == .distantFuture else { return true }
      try transaction.park(fork.owner, &owner, until: rebuild.now, reason: nil)
      return true
    }
    try each(.executions, "the execution that the strand is a part of is not there") {
      _, transaction, bytes throws(StoreError) in
      let key = bytes.recordKey
      let record = transaction.snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self)
      guard let record, let place = record.strand else { return true }
      if try transaction.snapshot.contains(.forks, KeyBytes(place.root, place.block)),
        try transaction.snapshot.contains(.executions, KeyBytes(place.root))
      {
        return true
      }
      try transaction.deleteStrand(key, record)
      return true
    }
  }
}
