internal import RelayModel

/// How `on.debounce` and `on.throttle` are held to. Every event has its execution, so that each shows what became of
/// it: one whose place another took, or that came too soon, is `cancelled` and says why, and an operator can retry it.
///
/// The one that waits for quiet stands in `due` at the instant at which it begins, and holds a ticket, by which a later
/// event finds it. It gives that up as it begins, and comes into its other lanes only then.
extension WriteTransaction {
  /// False where the execution does not begin now; it is stored then. The caller stores it otherwise.
  mutating func mayBegin(
    _ key: RecordKey, _ record: inout ExecutionRecord, _ pacing: Pacing, now: Timestamp
  ) throws(StoreError) -> Bool {
    switch pacing {
    case .throttle(let id, let limit, let span):
      if try countStart(id, limit: limit, span: span, now: now) { return true }
      state.count(from: nil, to: record.status)
      try pass(over: key, &record, .throttled(limit, span), now: now)
    case .debounce(let id, let quiet, let most):
      var ticket = LaneTicket(Lane(.debounce, id: id, width: 1))
      ticket.state = .holding
      ticket.turn = try replace(in: ticket.lane, by: key, now: now) ?? key
      try putIndex(.lanes, ticket.key(key))
      record.lanes.insert(ticket, at: 0)
      // The engine's clock may be ahead of the wall clock where that went back.
      var due = max(now, state.engineClock) + quiet
      if let most { due = min(due, ticket.turn.instant + most) }
      record.due = due
      record.reason = ticket.lane.reason
      try putIndex(.due, DueKey.make(key, record, at: due))
      try append(.executions, KeyBytes(key), record)
      state.count(from: nil, to: record.status)
      tellDue(due)
    }
    return false
  }

  /// It has waited for quiet, where it had to: no later event takes its place any more. False where it now has to wait
  /// for its turn.
  mutating func beginAfterQuiet(_ key: RecordKey, _ record: inout ExecutionRecord) throws(StoreError) -> Bool
  {
    guard let index = record.lanes.firstIndex(where: { $0.lane.kind == .debounce }) else { return true }
    try delete(.lanes, record.lanes.remove(at: index).key(key))
    if try enterLanes(key, &record, turn: key) { return true }
    try waitForTurn(key, &record)
    return false
  }

  /// Ends who waits in the lane; answers the first of those whose place was taken in a row.
  private mutating func replace(in lane: Lane, by key: RecordKey, now: Timestamp) throws(StoreError)
    -> RecordKey?
  {
    var first: RecordKey?
    for holder in try snapshot.holders(of: lane) {
      let known = try believed(.executions, KeyBytes(holder.execution), as: ExecutionRecord.self)
      guard var record = known, record.status == .queued,
        let ticket = record.lanes.first(where: { $0.lane.id == lane.id && $0.state == .holding })
      else {
        // An entry that nobody stands behind.
        try delete(.lanes, holder.key)
        continue
      }
      first = ticket.turn
      try pass(over: holder.execution, &record, .debounced(by: snapshot.tag.id(.execution, key)), now: now)
    }
    return first
  }

  private mutating func pass(
    over key: RecordKey, _ record: inout ExecutionRecord, _ failure: Failure, now: Timestamp
  ) throws(StoreError) {
    try end(
      key, &record, Ending(status: .cancelled, failure: failure, resumeAt: record.position, at: now))
  }

  private mutating func countStart(
    _ id: [UInt8], limit: Int, span: Duration, now: Timestamp
  ) throws(StoreError) -> Bool {
    var key = KeyBytes()
    key.add(id)
    var log = try believed(.starts, key, as: StartLog.self) ?? StartLog()
    guard log.count(limit: limit, span: span, now: now) else { return false }
    try put(.starts, key, log)
    try dropStale(after: key, now: now)
    return true
  }

  /// Keys that never come again leave nothing behind for good: whoever counts drops what is over of two neighbours,
  /// and as ids are digests, everybody is somebody's neighbour in the end.
  private mutating func dropStale(after key: KeyBytes, now: Timestamp) throws(StoreError) {
    var stale: [KeyBytes] = []
    let cursor = try snapshot.cursor(.starts)
    _ = try cursor.seek(key)
    for _ in 0..<2 {
      guard let entry = try cursor.next(), let neighbour = entry.wholeKey else { break }
      if let log = snapshot.believed(.starts, neighbour, as: StartLog.self), log.until < now {
        stale.append(neighbour)
      }
    }
    for neighbour in stale { try delete(.starts, neighbour) }
  }
}

extension Failure {
  fileprivate static func debounced(by execution: String) -> Failure {
    Failure(
      step: "", code: "debounced", message: "on.debounce: a later event took its place, as \(execution)")
  }

  fileprivate static func throttled(_ limit: Int, _ span: Duration) -> Failure {
    Failure(
      step: "", code: "throttled",
      message:
        "on.throttle: \(limit) had begun within \(span.text); `petrel executions retry` runs it all the same")
  }
}
