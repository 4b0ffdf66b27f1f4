internal import RelayModel

extension Rebuild {
  /// Drops strands that belong to nothing, counts the others, and lets an owner go on that waits for none. Where some
  /// are missing, nobody knows how far they had come: their step fails, rather than pass for done.
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
        if open < fork.open, !fork.isHeld, let block = StepPath(bytes: Array(bytes.dropFirst(8))) {
          fork.fault = fork.fault ?? ForkRecord.Fault(turn: 0, at: block, failure: .lostBranches)
        }
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
    try wakeForgotten()
  }

  /// Who waits for branches or an end that are lost looks again what there is to do.
  private mutating func wakeForgotten() throws(StoreError) {
    try each(.executions, "") { rebuild, transaction, bytes throws(StoreError) in
      let key = bytes.recordKey
      guard var record = transaction.snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self),
        try transaction.snapshot.isForgotten(key, record)
      else { return true }
      try transaction.closeForks(key, &record, [])
      try transaction.park(key, &record, until: rebuild.now, reason: nil)
      return true
    }
  }
}

extension Failure {
  fileprivate static var lostBranches: Failure {
    Failure(
      step: "", code: "lost",
      message: "how far its branches had come was lost with a damaged page; retry from the start")
  }
}
