import RelayModel
import RelayStore

/// What happens around the relay, as the seed will have it.
extension World {
  /// One turn: something happens outside, and the relay may or may not get to work.
  func turn() throws(StoreError) {
    try happen()
    if random.chance(scenario.jumps) { jump() }
    if random.chance(scenario.moods) { changeMood() }
    for _ in 0..<random.pick([0, 1, 1, 2, 3]) {
      run()
      if random.chance(80) { try commit() }
    }
    if random.chance(25) { try settle() }
  }

  private func happen() throws(StoreError) {
    switch random.below(100) {
    case ..<45: passTime()
    case ..<70: send()
    case ..<76: cancel()
    case ..<82: retry()
    case ..<86: copy()
    case ..<88: discard()
    case ..<93: acknowledgeOutbox()
    case ..<95: try sweep()
    case ..<98: if random.chance(scenario.deaths * 4) { try die(.crashBefore) }
    default: if random.chance(40) { try restart() }
    }
  }

  private func passTime() {
    switch random.below(10) {
    case ..<7: if let next = nextInstant { pass(until: next) } else { pass(random.milliseconds(1...1000)) }
    case ..<9: pass(random.milliseconds(1...400))
    default: pass(random.milliseconds(1000...120_000))
    }
  }

  // MARK: Senders

  private func send() {
    guard let index = random.any(of: senders.indices.filter { senders[$0].isEager }) else { return }
    send(index, losesAnswer: random.chance(20))
  }

  /// - Parameter losesAnswer: the sender is answered, and does not hear it.
  func send(_ index: Int, losesAnswer: Bool) {
    let sender = senders[index]
    oracle.deliveries[sender.name, default: SeenDelivery(sender)].sends += 1
    history.note("\(sender.name) is sent")
    oracle.works()
    let transition = senders[index].send(at: time.now(), marked: sabotage != .acceptsTwice)
    relay.store.submit(transition) { [self] result in
      guard case .success(let answer) = result else {
        senders[index].state = .waiting
        return
      }
      oracle.acknowledged(sender.name, answer)
      senders[index].state = losesAnswer ? .waiting : .told
    }
  }

  // MARK: Operators

  private func cancel() {
    guard let witness = random.any(of: oracle.inOrder), random.chance(40) else { return }
    history.note("\(witness.id) shall be cancelled")
    oracle.asked.cancels[witness.key, default: 0] += 1
    relay.store.submit(Cancel(execution: witness.key, now: time.now())) { _ in }
  }

  private func retry() {
    let ended = oracle.inOrder.filter { $0.record.status.isFinal }
    guard let witness = random.any(of: ended.isEmpty ? oracle.inOrder : ended) else { return }
    let fromStart = random.chance(25)
    oracle.works()
    history.note("\(witness.id) shall be retried\(fromStart ? " from the start" : "")")
    if fromStart { oracle.asked.copies += 1 } else { oracle.asked.retries[witness.key, default: 0] += 1 }
    relay.store.submit(RetryExecution(execution: witness.key, fromStart: fromStart, now: time.now())) { _ in }
  }

  private func copy() {
    guard let witness = random.any(of: oracle.inOrder), random.chance(50) else { return }
    oracle.works()
    history.note("the event of \(witness.id) shall be replayed")
    oracle.asked.copies += 1
    let new = NewExecution(
      workflow: witness.record.workflow, version: witness.record.version, priority: 5, origin: .replay,
      lanes: witness.course.plan.lanes.lanes(
        of: witness.record.workflow, kind: witness.course.kind, delivery: witness.delivery, sabotage))
    relay.store.submit(
      Replay(
        event: witness.record.event, executions: [new], background: random.chance(50), now: time.now())
    ) { _ in }
  }

  private func discard() {
    guard let witness = random.any(of: oracle.inOrder.filter { $0.record.isDeadLetter }) else { return }
    relay.store.submit(Discard(execution: witness.key)) { _ in }
  }

  // MARK: Housekeeping

  private func acknowledgeOutbox() {
    guard oracle.outbox.last > 0 else { return }
    let upTo = oracle.outbox.last - UInt64(random.below(Int(min(oracle.outbox.last, 4))))
    relay.store.submit(AcknowledgeOutbox(upTo: upTo, limit: random.pick([1, 100]))) { _ in }
  }

  /// A whole pass, over several commits.
  private func sweep() throws(StoreError) {
    guard scenario.sweeps else { return }
    let now = time.now()
    history.note("a sweep")
    oracle.asked.sweptAt = max(oracle.asked.sweptAt ?? now, now)
    let life = oracle.life
    let place = SweepPlace()
    for _ in 0..<20 {
      guard let position = place.position, life == oracle.life else { return }
      relay.store.submit(
        Sweep(now: now, retention: Scenario.retention, position: position, limit: random.within(1...50))
      ) { if case .success(let answer) = $0 { place.position = answer.next } }
      try commit()
    }
  }

  // MARK: The weather

  private func jump() {
    let span = Duration.milliseconds(random.pick([-1, 1]) * random.pick([3_000, 600_000, 86_400_000]))
    history.note("the wall clock is set by \(span)")
    time.setWall(by: span)
  }

  private func changeMood() {
    let server = random.below(scenario.destinations)
    let mood = random.pick(Server.Mood.allCases)
    history.note("d\(server) is \(mood) from now on")
    destinations.setMood(mood, of: server)
  }
}

/// Where a sweep goes on.
private final class SweepPlace: @unchecked Sendable {
  var position: SweepPosition? = .start
}

extension SeenDelivery {
  fileprivate init(_ sender: Sender) {
    self.init(kind: sender.kind, body: sender.body, hasMark: sender.hasMark)
  }
}
