import RelayModel
import RelayStore

/// Looks at the store after a commit, or a restart.
extension Oracle {
  enum Occasion: Equatable {
    case commit
    /// The store was opened again after a death; `unchanged` where the last commit did not happen.
    case restart(unchanged: Bool)
    /// The recovery after a start was committed.
    case recovery
  }

  /// Looks at the store as it is now.
  func look(_ store: Store, _ occasion: Occasion) throws(StoreError) {
    try store.read { snapshot in
      let listed = try snapshot.executions(ExecutionFilter(), before: nil, limit: 10_000).items
      for execution in listed.reversed() {
        guard let witness = witnesses[execution.key] else {
          try appeared(execution.key, execution.record, snapshot)
          continue
        }
        guard let sight = try sight(of: witness, execution.record, snapshot) else { continue }
        check(
          occasion != .restart(unchanged: true), .deathKeepsCommits,
          "\(witness.id) is \(execution.record.status) after the restart, and was \(witness.record.status)")
        changed(witness, sight, occasion)
      }
      if listed.count != witnesses.count { missing(among: Set(listed.map(\.key))) }
      try outbox.look(snapshot, self)
    }
    checkLanes()
    checkAnswers(occasion)
    rests()
    // What was not on record by now died with the process.
    if occasion != .commit { for walker in walkers { walker.outcome = nil } }
  }

  /// What the store shows of an execution; nil where that is what was seen before. Where branches are under
  /// way, and where a wait begins and is over in one commit, its own record does not tell.
  private func sight(of witness: Witness, _ record: ExecutionRecord, _ snapshot: borrowing Snapshot)
    throws(StoreError) -> Sight?
  {
    var mayHide = record.forks
    if case .wait? = witness.course.plan.step(at: record.position)?.verb {
      mayHide = mayHide || record.status == .running
    }
    guard witness.record != record || (mayHide && !record.status.isFinal) else { return nil }
    var sight = Sight(record: record, strands: try snapshot.strands(of: witness.key))
    for entry in try snapshot.journal(of: witness.key) { sight.journal[entry.path] = entry }
    let isKnown =
      witness.record == record && sight.journal == witness.journal
      && sight.strands == strands(of: witness).reduce(into: [:]) { $0[$1.key] = $1.record }
    return isKnown ? nil : sight
  }

  // MARK: New ones

  private func appeared(_ key: RecordKey, _ record: ExecutionRecord, _ snapshot: borrowing Snapshot)
    throws(StoreError)
  {
    let id = snapshot.tag.id(.execution, key)
    changes += 1
    history.note("\(id) appears as \(record.status), \(record.workflow)")
    guard let event = try seenEvent(record.event, snapshot), let seen = deliveries[event.delivery],
      let plan = scenario.workflows.first(where: { $0.name == record.workflow })
    else { return fail(.arrowsAreLegal, "\(id) has no event or workflow that anybody knows of") }
    check(
      record.status == .queued || record.status == .running, .arrowsAreLegal,
      "\(id) begins as \(record.status)")
    check(
      key.rawValue > (witnesses.keys.max()?.rawValue ?? 0), .arrowsAreLegal,
      "\(id) has a key below one that was given before")
    if record.origin != .live {
      asked.copies -= 1
      check(asked.copies >= 0, .oneEventForADelivery, "\(id) is a copy that nobody asked for")
    }
    let witness = Witness(
      key, id: id, record, Course(plan: plan, kind: seen.kind), delivery: event.delivery,
      countedSince: workedSince)
    witness.readySince = record.status == .queued && record.due != .distantFuture ? time.elapsed() : nil
    joined(witness)
    begins(witness)
    witnesses[key] = witness
    byID[id] = key
  }

  private func seenEvent(_ key: RecordKey, _ snapshot: borrowing Snapshot) throws(StoreError) -> SeenEvent? {
    if let known = events[key] { return known }
    guard let stored = try snapshot.event(key), let delivery = stored.record.delivery,
      let seen = deliveries[delivery]
    else { return nil }
    check(stored.body == seen.body, .acknowledgedIsKept, "the body of \(delivery) is another one")
    let event = SeenEvent(delivery: delivery, body: stored.body)
    events[key] = event
    deliveries[delivery]?.events.insert(key)
    let count = (deliveries[delivery]?.events.count ?? 0)
    check(
      count <= (seen.hasMark ? 1 : seen.sends), .oneEventForADelivery,
      "\(delivery) made \(count) events of \(seen.sends) requests")
    return event
  }

  // MARK: Gone ones

  private func missing(among listed: Set<RecordKey>) {
    for witness in inOrder where !listed.contains(witness.key) {
      let record = witness.record
      let kept = record.status == .succeeded ? Scenario.retention.succeeded : Scenario.retention.failed
      let mayGo = record.finishedAt.flatMap { end in asked.sweptAt.map { end + kept <= $0 } } ?? false
      check(mayGo, .acknowledgedIsKept, "\(witness.id) is gone; it was \(record.status)")
      outbox.swept[witness.key] = record.ends
      for strand in strands(of: witness) { strands[strand.key] = nil }
      witnesses[witness.key] = nil
      history.note("\(witness.id) is swept away")
    }
  }
}
