import RelayModel
import RelayStore

/// What a commit, or a restart, did to the executions.
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
        if let witness = witnesses[execution.key] {
          guard try hasChanged(witness, execution.record, snapshot) else { continue }
          check(
            occasion != .restart(unchanged: true), .deathKeepsCommits,
            "\(witness.id) is \(execution.record.status) after the restart, and was \(witness.record.status)")
          try changed(witness, execution.record, occasion, snapshot)
        } else {
          try appeared(execution.key, execution.record, snapshot)
        }
      }
      if listed.count != witnesses.count { missing(among: Set(listed.map(\.key))) }
      try outbox.look(snapshot, self)
    }
    checkLanes()
    checkAnswers(occasion)
    rests()
    // What was not on record by now died with the process.
    if occasion != .commit { for witness in witnesses.values { witness.outcome = nil } }
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

  // MARK: Known ones

  private func changed(
    _ witness: Witness, _ new: ExecutionRecord, _ occasion: Occasion, _ snapshot: borrowing Snapshot
  ) throws(StoreError) {
    let old = witness.record
    changes += 1
    history.note(
      "\(witness.id) \(old.status) -> \(new.status), at \(new.position.bytes), attempt \(new.attempt)/"
        + "\(new.totalAttempts), crashes \(new.crashes), due \(new.due?.milliseconds ?? 0) \(new.reason ?? "") "
        + (new.failure.map { "\($0.code) in \($0.step)" } ?? ""))
    var journal: [StepPath: JournalEntry] = [:]
    for entry in try snapshot.journal(of: witness.key) { journal[entry.path] = entry }
    arrow(witness, new)
    if occasion == .recovery {
      recovered(witness, new)
    } else {
      check(
        new.failure?.code != "poison" || old.failure?.code == "poison", .poisonIsThree,
        "\(witness.id) is poison without a restart")
    }
    moved(witness, new, journal, occasion)
    finish(witness, new, journal)
  }

  /// A wait that begins, and is over in the same commit, leaves the record as it was.
  private func hasChanged(
    _ witness: Witness, _ new: ExecutionRecord, _ snapshot: borrowing Snapshot
  ) throws(StoreError) -> Bool {
    if witness.record != new { return true }
    guard new.status == .running, case .wait? = witness.course.plan.step(at: new.position)?.verb else {
      return false
    }
    return try snapshot.journal(of: witness.key).count != witness.journal.count
  }

  /// What the execution did by itself, or was made to do.
  private func moved(
    _ witness: Witness, _ new: ExecutionRecord, _ journal: [StepPath: JournalEntry], _ occasion: Occasion
  ) {
    let old = witness.record
    // A step's time runs on through deaths and retries.
    if new.totalAttempts > old.totalAttempts, new.attempt == 1 { witness.countedSince = workedSince }
    if new.revision != old.revision {
      // Not where it was only cancelled.
      if old.status.isFinal || !new.status.isFinal { witness.beginAgain() }
      // A cancellation and a retry may share a commit: the end between them is seen by its count alone.
      if !new.status.isFinal, old.status.isFinal || new.ends > old.ends { joined(witness) }
      witness.outcome = nil
      witness.isCancelledUnheard = old.status == .running || new.totalAttempts > old.totalAttempts
    } else if occasion != .recovery, old.status == .running {
      if let outcome = witness.outcome.take() { settle(outcome, new, journal, witness) }
      witness.deaths = 0
    }
    let isReady =
      new.due != .distantFuture
      && (new.status == .queued || (new.status == .waiting && new.attempt == 0 && new.reason == nil))
    witness.readySince = isReady ? time.elapsed() : nil
    for place in journal.keys.sorted() {
      if let entry = journal[place], entry != witness.journal[place] { wrote(entry, place, witness) }
    }
    for (place, entry) in witness.journal where entry.finishedAt != nil && journal[place] == nil {
      // A retry forgets the failed step, and all behind it.
      check(
        new.revision != old.revision && place >= new.position, .finishedStaysFinished,
        "\(witness.id) \(entry.name) was \(entry.status), and nothing is on record of it")
    }
  }

  private func wrote(_ entry: JournalEntry, _ place: StepPath, _ witness: Witness) {
    history.note("\(witness.id) \(entry.name) is \(entry.status)")
    if let before = witness.journal[place], before.finishedAt != nil {
      check(
        before.status == .failed && witness.goesOnInside(place), .finishedStaysFinished,
        "\(witness.id) \(entry.name) was \(before.status), and is \(entry.status)")
    }
    if entry.status == .waiting {
      witness.interruptions = 0
      witness.waitSince = workedSince
    } else if witness.journal[place]?.status == .waiting {
      checkWait(at: place, witness)
    }
    guard entry.status == .succeeded else { return }
    responds(place, witness)
    if witness.course.plan.step(at: place)?.asks == true {
      requests.finished.insert("\(witness.id):\(keyPath(place, witness))")
    }
  }

  /// What the key of the step at `place` is made of: an `onFailure` that runs again is another request.
  func keyPath(_ place: StepPath, _ witness: Witness) -> String {
    let name = witness.course.plan.name(of: place)
    guard place.section == .onFailure else { return name }
    let ends = witness.record.ends
    return ends > 0 ? "onFailure~\(ends + 1)/\(name)" : "onFailure/\(name)"
  }

  private func finish(_ witness: Witness, _ new: ExecutionRecord, _ journal: [StepPath: JournalEntry]) {
    witness.record = new
    witness.journal = journal
    begins(witness)
    guard new.status == .succeeded || new.status == .failed, new.failure?.code != "poison" else { return }
    let (status, complaint) = witness.course.end(of: journal)
    check(
      status == new.status, .stepsInOrder,
      "\(witness.id) ended as \(new.status); its journal says \(status.map { "\($0)" } ?? complaint)")
  }

  // MARK: Gone ones

  private func missing(among listed: Set<RecordKey>) {
    for witness in inOrder where !listed.contains(witness.key) {
      let record = witness.record
      let kept = record.status == .succeeded ? Scenario.retention.succeeded : Scenario.retention.failed
      let mayGo = record.finishedAt.flatMap { end in asked.sweptAt.map { end + kept <= $0 } } ?? false
      check(mayGo, .acknowledgedIsKept, "\(witness.id) is gone; it was \(record.status)")
      outbox.swept[witness.key] = record.ends
      witnesses[witness.key] = nil
      history.note("\(witness.id) is swept away")
    }
  }
}
