import RelayModel
import RelayStore

/// The faults stop: everything must come to its end in bounded time.
extension World {
  /// Longer than any wait of any workflow, any `Retry-After`, and what a clock set by a day can add.
  private static let patience = Duration.seconds(10 * 86_400)

  func comeToRest() throws(StoreError) {
    history.note("the faults stop")
    deathsPercent = 0
    destinations.healAll()
    scripts.heal()
    let deadline = time.elapsed() + Self.patience
    for _ in 0..<5000 {
      for index in senders.indices where senders[index].isEager { send(index, losesAnswer: false) }
      try settle()
      oracle.checkReady(relay.store.permits.available)
      guard oracle.violations.isEmpty else { return }
      if oracle.isAtRest, !senders.contains(where: \.isEager) { return try finish() }
      guard time.elapsed() < deadline else { break }
      if let next = nextInstant { pass(until: next) } else if !senders.contains(where: \.isEager) { break }
    }
    let left = oracle.inOrder.filter { !$0.record.status.isFinal }
    oracle.fail(
      .everythingEnds,
      "\(left.count) executions are left, of which \(left.first.map { "\($0.id) is \($0.record.status)" } ?? "-")"
        + ", next instant \(nextInstant.map { "\($0 - time.elapsed())" } ?? "none")")
  }

  private func finish() throws(StoreError) {
    try oracle.checkAcknowledged(relay.store)
    oracle.outbox.checkComplete(oracle)
    oracle.check(
      relay.store.permits.available == scenario.executions, .permitsAddUp,
      "\(relay.store.permits.available) of \(scenario.executions) permits are free when nothing runs")
    for name in oracle.deliveries.keys.sorted() {
      oracle.check(oracle.deliveries[name]?.answer != nil, .everythingEnds, "\(name) was never acknowledged")
    }
  }
}

extension Oracle {
  /// Permits add up where nothing is under way between engine and store.
  func checkPermits(_ available: Int) {
    let running = walkers.count { $0.record.status == .running }
    check(
      available + running == scenario.executions, .permitsAddUp,
      "\(available) permits are free and \(running) executions run, of \(scenario.executions)")
  }

  /// What could run at once does not stand about while there are permits.
  func checkReady(_ available: Int) {
    guard available > 0 else { return }
    for witness in walkers {
      guard let since = witness.readySince else { continue }
      check(
        time.elapsed() - since < .seconds(120), .everythingEnds,
        "\(witness.id) is \(witness.record.status) for \(time.elapsed() - since), with \(available) permits free"
      )
    }
  }
}
