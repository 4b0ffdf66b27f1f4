import RelayModel
import RelayStore

/// What a commit, or a restart, did to an execution, and to its strands.
extension Oracle {
  func changed(_ root: Witness, _ sight: Sight, _ occasion: Occasion) {
    changes += 1
    var written: [RecordKey: [StepPath]] = [:]
    for place in sight.journal.keys.sorted() where sight.journal[place] != root.journal[place] {
      written[walker(of: root, at: place).key, default: []].append(place)
    }
    checkForgotten(root, sight)
    for walker in [root] + strands(of: root) {
      let places = written[walker.key] ?? []
      guard let new = sight.record(of: walker) else {
        vanished(walker, sight)
        wrote(places, sight, walker)
        continue
      }
      guard new != walker.record || !places.isEmpty else { continue }
      changed(walker, new, sight, occasion)
      wrote(places, sight, walker)
      walker.record = new
      knowsPoison(walker, root)
    }
    root.journal = sight.journal
    appeared(of: root, sight)
    begins(root)
    finish(root)
  }

  private func changed(_ witness: Witness, _ new: ExecutionRecord, _ sight: Sight, _ occasion: Occasion) {
    let old = witness.record
    history.note(
      "\(witness.id) \(old.status) -> \(new.status), at \(new.position.bytes), attempt \(new.attempt)/"
        + "\(new.totalAttempts), crashes \(new.crashes), due \(new.due?.milliseconds ?? 0) \(new.reason ?? "") "
        + (new.failure.map { "\($0.code) in \($0.step)" } ?? ""))
    arrow(witness, new)
    if occasion == .recovery {
      recovered(witness, new)
    } else {
      check(
        new.failure?.code != "poison" || old.failure?.code == "poison" || sight.hasPoison, .poisonIsThree,
        "\(witness.id) is poison without a restart")
    }
    if witness.root != nil { checkTurn(witness, new, sight) }
    moved(witness, new, sight.journal, occasion)
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
      if witness.root == nil, !new.status.isFinal, old.status.isFinal || new.ends > old.ends {
        joined(witness)
      }
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
  }

  /// Outcomes that are not on record any more: a retry forgets the failed step, and all behind it; each of the
  /// branches that go on forgets its own.
  private func checkForgotten(_ root: Witness, _ sight: Sight) {
    let retried = ([root] + strands(of: root)).filter { walker in
      sight.record(of: walker).map { $0.revision != walker.record.revision } ?? false
    }
    for (place, entry) in root.journal where entry.finishedAt != nil && sight.journal[place] == nil {
      let isForgotten = retried.contains { walker in
        guard let new = sight.record(of: walker) else { return false }
        return place >= new.position && new.strand.map { place.isWithin($0.base) } ?? true
      }
      check(
        isForgotten, .finishedStaysFinished,
        "\(root.id) \(entry.name) was \(entry.status), and nothing is on record of it")
    }
  }

  private func wrote(_ places: [StepPath], _ sight: Sight, _ witness: Witness) {
    for place in places { if let entry = sight.journal[place] { wrote(entry, place, sight, witness) } }
  }

  private func wrote(_ entry: JournalEntry, _ place: StepPath, _ sight: Sight, _ witness: Witness) {
    history.note("\(witness.id) \(entry.name) is \(entry.status)")
    if let before = witness.journal[place], before.finishedAt != nil {
      check(
        before.status == .failed && witness.isInside(place), .finishedStaysFinished,
        "\(witness.id) \(entry.name) was \(before.status), and is \(entry.status)")
    }
    if entry.status == .waiting {
      witness.interruptions = 0
      witness.waitSince = workedSince
    } else if witness.journal[place]?.status == .waiting {
      checkWait(at: place, witness)
    }
    checkBranches(entry, place, sight, witness)
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

  private func finish(_ witness: Witness) {
    let record = witness.record
    guard record.status == .succeeded || record.status == .failed, record.failure?.code != "poison" else {
      return
    }
    let (status, complaint) = witness.course.end(of: witness.journal, poisoned: witness.givenUp)
    check(
      status == record.status, .stepsInOrder,
      "\(witness.id) ended as \(record.status); its journal says \(status.map { "\($0)" } ?? complaint)")
  }
}
