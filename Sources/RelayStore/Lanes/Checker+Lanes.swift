internal import RelayModel

extension Checker {
  /// Lanes and the records of those in them say the same, and nobody waits where there is room.
  mutating func checkLanes(_ snapshot: borrowing Snapshot) throws(StoreError) {
    try walk(.lanes, snapshot) { checker, snapshot, entry throws(StoreError) in
      guard entry.keyCount == LaneTicket.keyCount else {
        return checker.damaged(Database.lanes.name, entry.hex)
      }
      let execution = entry.recordKey(at: LaneTicket.executionOffset)
      let record = try snapshot.execution(execution)
      guard
        let ticket = record?.lanes.first(where: { entry.matches($0.key(execution)) && $0.state != .outside })
      else {
        return checker.found(.lanes, entry, "its execution has no such place")
      }
      guard ticket.state == .waiting else { return }
      if try snapshot.holders(of: ticket.lane).count < ticket.lane.width {
        checker.found(.lanes, entry, "it waits for its turn although there is room")
      }
    }
  }

  mutating func checkTickets(
    _ key: RecordKey, _ record: ExecutionRecord, _ entry: Entry, _ snapshot: borrowing Snapshot
  ) throws(StoreError) {
    for ticket in record.lanes where ticket.state != .outside {
      if record.status.isFinal { found(.executions, entry, "it has ended, and is in a lane all the same") }
      if ticket.lane.kind == .debounce, record.status != .queued {
        found(.executions, entry, "it has begun, and later events may take its place all the same")
      }
      if try !snapshot.contains(.lanes, ticket.key(key)) {
        found(.executions, entry, "it is missing in its lane")
      }
    }
    if record.awaitedLane != nil, record.due != .distantFuture {
      found(.executions, entry, "it waits for its turn and is due all the same")
    }
  }
}
