import RelayModel
import RelayStore

/// The arrows of an execution's life, as far as one commit may take it along them.
extension Oracle {
  func arrow(_ witness: Witness, _ new: ExecutionRecord) {
    let old = witness.record
    let text = "\(witness.id) from \(old.status) to \(new.status)"
    check(old.identity == new.identity, .arrowsAreLegal, "\(text): it became another execution")
    // What was counted ahead and not made is taken back where it is put down.
    check(
      new.totalAttempts >= (old.status == .running ? witness.countedAtLastRequest : old.totalAttempts),
      .countedBeforeMade,
      "\(text): attempts that were made are taken back")
    check(
      (new.due != nil) == new.status.isWaiting, .arrowsAreLegal, "\(text): due at \(new.due?.rfc3339 ?? "-")")
    check((new.finishedAt != nil) == new.status.isFinal, .arrowsAreLegal, "\(text): finished or not?")
    guard new.revision == old.revision else { return operated(witness, new, text) }
    if old.status.isFinal {
      var discarded = old
      discarded.discarded = new.discarded
      return check(discarded == new, .arrowsAreLegal, "\(text): what has ended changed by itself")
    }
    // A strand tells its owner of its end, and nobody else.
    let ends = new.status.isFinal && witness.root == nil ? 1 : 0
    check(new.ends == old.ends + ends, .arrowsAreLegal, "\(text): \(new.ends) ends")
    check(new.position >= old.position, .arrowsAreLegal, "\(text): back to an earlier step")
    let isLegal =
      switch (old.status, new.status) {
      // Its turn has come, or it came to its next lane.
      case (.queued, .queued): old.due == .distantFuture
      case (_, .cancelled), (_, .queued): false
      case (.queued, .waiting), (.waiting, .waiting), (.queued, .running), (.waiting, .running): true
      case (.running, _): true
      // Claimed and ended in one commit: its event is damaged, which it is not here.
      default: false
      }
    check(isLegal, .arrowsAreLegal, text)
  }

  /// An operator had a part in it.
  private func operated(_ witness: Witness, _ new: ExecutionRecord, _ text: String) {
    let old = witness.record
    let steps = Int(new.revision) - Int(old.revision)
    let key = witness.root?.key ?? witness.key
    let wanted = asked.cancels[key, default: 0] + asked.retries[key, default: 0]
    check(
      steps > 0 && Int(new.revision) <= wanted, .arrowsAreLegal,
      "\(text): revision \(new.revision) after \(wanted) operations")
    // A strand learns of the ends of its root when it is opened again.
    let most = witness.root == nil ? old.ends + steps + 1 : max(old.ends, witness.root?.record.ends ?? 0)
    check((old.ends...most).contains(new.ends), .arrowsAreLegal, "\(text): \(new.ends) ends")
    if new.status == .cancelled {
      check(asked.cancels[key] != nil, .arrowsAreLegal, "\(text): nobody cancelled it")
    } else if old.status.isFinal {
      check(old.status != .succeeded, .arrowsAreLegal, "\(text): what succeeded is opened again")
      check(asked.retries[key] != nil, .arrowsAreLegal, "\(text): nobody retried it")
    }
  }

  /// A restart took it up again, or gave it up.
  func recovered(_ witness: Witness, _ new: ExecutionRecord) {
    let old = witness.record
    guard old.status == .running else {
      // The one before it in its lane was given up.
      if old.due == .distantFuture, new.status == old.status { return }
      return fail(.arrowsAreLegal, "\(witness.id) was \(old.status), and the recovery made it \(new.status)")
    }
    witness.deaths += 1
    witness.interruptions += 1
    check(
      new.crashes == witness.deaths, .poisonIsThree,
      "\(witness.id) died \(witness.deaths) times, of which \(new.crashes) are counted")
    let isPoison = new.status == .failed && new.failure?.code == "poison"
    check(
      isPoison == (witness.deaths >= 3), .poisonIsThree,
      "\(witness.id) is \(new.status) after \(witness.deaths) deaths")
    check(
      isPoison || new.status == .running || new.status == .waiting, .arrowsAreLegal,
      "\(witness.id) is \(new.status) after the recovery")
  }
}

extension ExecutionRecord {
  /// What never changes.
  fileprivate var identity: [String] {
    ["\(event)", hook, workflow, "\(version)", "\(origin)", "\(priority)", "\(background)", "\(createdAt)"]
  }
}

extension ExecutionStatus {
  fileprivate var isWaiting: Bool { self == .queued || self == .waiting }
}
