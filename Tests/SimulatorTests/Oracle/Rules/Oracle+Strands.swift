import RelayModel

@testable import RelayStore

/// Branches side by side. A strand is looked at like an execution: what it may do is the same, but that its
/// outcomes stand under its root.
extension Oracle {
  /// The strands of an execution, in the order of their keys.
  func strands(of root: Witness) -> [Witness] {
    strands.values.filter { $0.root === root }.sorted { $0.key < $1.key }
  }

  /// Who walks the step at `place` of an execution: the innermost strand around it, or the execution itself.
  func walker(of root: Witness, at place: StepPath) -> Witness {
    let around = strands(of: root).filter { $0.record.strand.map { place.isWithin($0.base) } ?? false }
    return around.max { ($0.record.strand?.block.depth ?? 0) < ($1.record.strand?.block.depth ?? 0) } ?? root
  }

  /// Where it comes to next, as far as is on record.
  func next(of walker: Witness) -> Course.Stop {
    let place = walker.record.position
    var stand = Course.Stand(place: place, block: walker.record.strand?.block, hasWaited: walker.hasWaited)
    if walker.journal[place] != nil, let step = walker.course.plan.step(at: place), walker.course.forks(step)
    {
      stand.branches = walker.course.end(
        ofBranchesAt: place, walker.journal, poisoned: (walker.root ?? walker).givenUp)
    }
    return walker.course.stop(from: stand, walker.journal)
  }

  /// The process died three times in a branch; or what was given up is opened again.
  func knowsPoison(_ walker: Witness, _ root: Witness) {
    let record = walker.record
    guard let place = record.strand else {
      guard record.failure == nil else { return }
      // What a retry forgot begins anew.
      root.givenUp = root.givenUp.filter { $0 < record.position || $0.isWithin(record.position) }
      return
    }
    if record.failure?.code == "poison" {
      root.givenUp.insert(place.base)
    } else {
      root.givenUp.remove(place.base)
    }
  }

  // MARK: Coming and going

  /// The strands that are new.
  func appeared(of root: Witness, _ sight: Sight) {
    for key in sight.strands.keys.sorted() where strands[key] == nil {
      guard let record = sight.strands[key], let place = record.strand else { continue }
      history.note("\(root.id) a strand appears as \(record.status) at \(place.base.bytes)")
      let isCancelled = record.status == .cancelled && root.record.status == .cancelled
      check(
        record.status == .waiting || record.status == .running || isCancelled, .arrowsAreLegal,
        "\(root.id): a strand begins as \(record.status)")
      let strand = Witness(
        key, id: root.id, record, root.course, delivery: root.delivery, countedSince: workedSince, root: root)
      strand.countedAtLastRequest = min(place.attemptsBefore, record.totalAttempts - record.attempt)
      strand.isCancelledUnheard = isCancelled
      strand.readySince = record.status == .waiting ? time.elapsed() : nil
      strands[key] = strand
      begins(strand, sight)
    }
  }

  /// A strand begins with a branch or turn.
  private func begins(_ strand: Witness, _ sight: Sight) {
    guard let place = strand.record.strand, let step = strand.course.plan.step(at: place.block) else {
      return
    }
    let beside = sight.strands.values.filter { $0.strand?.block == place.block && !$0.status.isFinal }
    if case .forEach(let loop) = step.verb {
      check(
        beside.count <= loop.width, .widthIsKept,
        "\(strand.id) \(place.block.bytes) has \(beside.count) turns under way, of \(loop.width)")
    }
    check(
      strand.journal.keys.allSatisfy { !$0.isWithin(place.base) }, .finishedStaysFinished,
      "\(strand.id) \(place.base.bytes) begins anew")
  }

  /// A strand goes on with another turn.
  func checkTurn(_ strand: Witness, _ new: ExecutionRecord, _ sight: Sight) {
    guard let old = strand.record.strand, let place = new.strand, old != place, old.turn != place.turn else {
      return
    }
    let end = strand.course.end(ofBranch: old.base, sight.journal)
    check(
      end == .passed && place.block == old.block && place.turn > old.turn, .stepsInOrder,
      "\(strand.id) goes on from \(old.base.bytes), which is \(end), to \(place.base.bytes)")
    check(
      strand.journal.keys.allSatisfy { !$0.isWithin(place.base) }, .finishedStaysFinished,
      "\(strand.id) \(place.base.bytes) begins anew")
  }

  /// A strand is gone: its branch is over, or was at rest.
  func vanished(_ strand: Witness, _ sight: Sight) {
    guard let place = strand.record.strand else { return }
    history.note("\(strand.id) a strand is gone from \(place.base.bytes)")
    strands[strand.key] = nil
    guard !strand.record.status.isFinal else { return }
    if let outcome = strand.outcome.take() { settle(outcome, strand.record, sight.journal, strand) }
    let end = strand.course.end(ofBranch: place.base, sight.journal)
    check(
      end == .passed || end == .stopped, .parentWaits,
      "\(strand.id) gives up \(place.base.bytes), which is \(end)")
  }

  /// The step at `place` is over: so are all branches of it.
  func checkBranches(_ entry: JournalEntry, _ place: StepPath, _ sight: Sight, _ witness: Witness) {
    let course = witness.course
    guard entry.finishedAt != nil, entry.status != .skipped, let step = course.plan.step(at: place),
      course.forks(step)
    else { return }
    let open = sight.strands.values.filter {
      $0.strand?.block.isWithin(place) == true && !$0.status.isFinal
    }
    check(
      open.isEmpty, .parentWaits, "\(witness.id) \(entry.name) is over, with \(open.count) branches under way"
    )
    let end = course.end(ofBranchesAt: place, sight.journal, poisoned: (witness.root ?? witness).givenUp)
    let isTrue = entry.status == .succeeded ? end == .passed : end == .failed || end == .poisoned
    check(isTrue, .parentWaits, "\(witness.id) \(entry.name) is \(entry.status), its branches are \(end)")
  }
}

extension Snapshot {
  /// The strands of an execution, which no list has.
  borrowing func strands(of root: RecordKey) throws(StoreError) -> [RecordKey: ExecutionRecord] {
    var found: [RecordKey: ExecutionRecord] = [:]
    for key in try strands(KeyBytes(root)) { found[key] = try execution(key) }
    return found
  }
}
