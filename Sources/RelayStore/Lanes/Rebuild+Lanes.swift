internal import RelayModel

extension Rebuild {
  /// Puts every execution into its lanes again as its record says, and lets go on who has nobody before it any more.
  mutating func rebuildLanes() throws(StoreError) {
    var lanes: Set<Lane> = []
    try each(.executions, "its lanes are damaged") { _, transaction, bytes throws(StoreError) in
      let key = bytes.recordKey
      let record = transaction.snapshot.believed(.executions, KeyBytes(key), as: ExecutionRecord.self)
      for ticket in record?.lanes ?? [] where ticket.state != .outside {
        lanes.insert(ticket.lane)
        try transaction.putIndex(.lanes, ticket.key(key))
      }
      return true
    }
    for lane in lanes {
      try write { transaction throws(StoreError) in try transaction.admitNext(to: lane) }
    }
  }
}
