package import RelayHTTP
package import RelayModel
package import RelayStore

/// The gates of all destinations, found by destination; bounded.
package struct DestinationTable {
  package private(set) var limits: DestinationGate.Limits
  /// Since when it is known what has gone to destinations.
  private var since = Timestamp.epoch
  private var gates: [Destination: DestinationGate] = [:]

  package init(limits: DestinationGate.Limits) { self.limits = limits }

  /// Takes other limits, also for destinations that are known.
  package mutating func use(_ limits: DestinationGate.Limits, now: Timestamp) {
    self.limits = limits
    for gate in gates.values { gate.hold(to: limits.rates.rule(of: gate.destination), now: now) }
  }

  /// Takes the kept breakers back after a restart. Names that are no destination are skipped: their
  /// breaker begins closed.
  ///
  /// - Parameter latest: the last instant that the process before is known to have lived.
  package mutating func load(
    _ kept: [(destination: String, record: BreakerRecord)], latest: Timestamp, now: Timestamp
  ) {
    since = latest
    for (name, record) in kept {
      guard let destination = Self.destination(named: name) else { continue }
      let breaker = Breaker(
        failures: record.failures, openUntil: record.openUntil, delay: record.delay, rule: limits.breaker,
        now: now)
      gates[destination] = DestinationGate(
        destination, breaker: breaker, rate: limits.rates.rule(of: destination), since: since, now: now)
    }
  }

  /// The gate of `destination`, made where it is new.
  package mutating func gate(_ destination: Destination, now: Timestamp) -> DestinationGate {
    if let gate = gates[destination] { return gate }
    if gates.count >= EngineBounds.destinations { gates = gates.filter { !$0.value.isAtRest } }
    let gate = DestinationGate(
      destination, rate: limits.rates.rule(of: destination), since: since, now: now)
    gates[destination] = gate
    return gate
  }

  /// How many destinations are remembered.
  package var count: Int { gates.count }

  /// Destinations that are left alone now, by name.
  package var leftAlone: [String] {
    gates.values.filter { !$0.breaker.isClosed }.map { $0.destination.description }.sorted()
  }

  private static func destination(named name: String) -> Destination? {
    do {
      return try HTTPURL(name).destination
    } catch {
      return nil
    }
  }
}

extension BreakerRecord {
  /// What is kept of `breaker`. A probe under way is kept as an opening that is over: after a restart
  /// somebody else probes.
  package init(_ breaker: Breaker, rule: Breaker.Rule) {
    switch breaker.state {
    case .closed(let failures): self.init(failures: failures, openUntil: nil, delay: .zero)
    case .open(let until, let delay): self.init(failures: rule.failures, openUntil: until, delay: delay)
    case .probing(let delay): self.init(failures: rule.failures, openUntil: .epoch, delay: delay)
    }
  }
}
