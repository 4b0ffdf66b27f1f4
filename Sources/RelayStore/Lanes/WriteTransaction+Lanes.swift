internal import RelayModel

/// How executions come into their lanes and leave them. Whoever waits stands in `due` like everybody else, at an
/// instant that never comes: what has not ended stands in exactly one of `due` and `running`, and a lane is an index
/// beside them.
extension WriteTransaction {
  /// Joins the lanes that the execution is not in yet, one after another, at their tails. False where it has to
  /// wait for its turn in one of them. The caller stores the record.
  mutating func enterLanes(_ key: RecordKey, _ record: inout ExecutionRecord, turn: RecordKey)
    throws(StoreError)
    -> Bool
  {
    for index in record.lanes.indices where record.lanes[index].state == .outside {
      let lane = record.lanes[index].lane
      let isFree = try hasRoom(lane)
      record.lanes[index].turn = record.turn(turn, in: lane)
      record.lanes[index].state = isFree ? .holding : .waiting
      try putIndex(.lanes, record.lanes[index].key(key))
      if !isFree { return false }
    }
    return true
  }

  /// Leaves every lane, for good or until a retry joins their tails; whoever is next goes on in this commit.
  mutating func leaveLanes(_ key: RecordKey, _ record: inout ExecutionRecord) throws(StoreError) {
    for index in record.lanes.indices where record.lanes[index].state != .outside {
      let ticket = record.lanes[index]
      try delete(.lanes, ticket.key(key))
      record.lanes[index].state = .outside
      if ticket.state == .holding { try admitNext(to: ticket.lane) }
    }
  }

  /// Lets go on who waits, as far as there is room.
  mutating func admitNext(to lane: Lane) throws(StoreError) {
    while let next = try snapshot.firstWaiting(in: lane), try snapshot.holders(of: lane).count < lane.width {
      let known = try believed(.executions, KeyBytes(next.execution), as: ExecutionRecord.self)
      guard var record = known, let index = record.lanes.firstIndex(where: { $0.lane.id == lane.id }),
        record.lanes[index].state == .waiting
      else {
        // An entry that nobody stands behind must not stop the others.
        try delete(.lanes, next.key)
        continue
      }
      try delete(.lanes, next.key)
      record.lanes[index].state = .holding
      try putIndex(.lanes, record.lanes[index].key(next.execution))
      if try enterLanes(next.execution, &record, turn: record.lanes[index].turn) {
        try park(next.execution, &record, until: dueAtOnce(state.lastKey.instant), reason: nil)
      } else {
        try waitForTurn(next.execution, &record)
      }
    }
  }

  /// Puts the execution where it waits for its turn.
  mutating func waitForTurn(_ key: RecordKey, _ record: inout ExecutionRecord) throws(StoreError) {
    try park(key, &record, until: .distantFuture, reason: record.awaitedLane?.reason)
  }

  /// Whether one more may go through. Holders that cannot be read, or have ended, hold nothing.
  private mutating func hasRoom(_ lane: Lane) throws(StoreError) -> Bool {
    guard try snapshot.firstWaiting(in: lane) == nil else { return false }
    var count = 0
    for holder in try snapshot.holders(of: lane) {
      let record = try believed(.executions, KeyBytes(holder.execution), as: ExecutionRecord.self)
      if record?.lanes.contains(where: { $0.lane.id == lane.id && $0.state == .holding }) == true {
        count += 1
      } else {
        try delete(.lanes, holder.key)
      }
    }
    return count < lane.width
  }
}

extension ExecutionRecord {
  /// The number that it waits with. Where no order says otherwise, live events go before bulk replay: a key's highest
  /// bit is free.
  fileprivate func turn(_ turn: RecordKey, in lane: Lane) -> RecordKey {
    background && lane.kind == .concurrency ? RecordKey(rawValue: turn.rawValue | 1 << 63) : turn
  }
}

/// One entry of a lane.
struct LaneEntry {
  let execution: RecordKey
  let key: KeyBytes
}

extension Snapshot {
  func firstWaiting(in lane: Lane) throws(StoreError) -> LaneEntry? {
    let prefix = LaneTicket.prefix(lane, .waiting)
    let entry = try cursor(.lanes).seek(prefix)
    guard let entry, entry.starts(with: prefix), let key = entry.wholeKey else { return nil }
    return LaneEntry(execution: entry.recordKey(at: LaneTicket.executionOffset), key: key)
  }

  /// At most the lane's width, but after damage.
  func holders(of lane: Lane) throws(StoreError) -> [LaneEntry] {
    let prefix = LaneTicket.prefix(lane, .holding)
    var holders: [LaneEntry] = []
    let cursor = try cursor(.lanes)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix), let key = found.wholeKey {
      holders.append(LaneEntry(execution: found.recordKey(at: LaneTicket.executionOffset), key: key))
      entry = try cursor.next()
    }
    return holders
  }
}
