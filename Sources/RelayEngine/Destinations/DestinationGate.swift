package import RelayHTTP
package import RelayModel

/// What stands before one destination (scheme, host, port), for all workflows together: its breaker, its
/// slots, and the short queue for a slot.
///
/// No destination may hold up another. What cannot go soon is therefore put down on disk, where it holds
/// neither memory nor a permit: at once where the destination is left alone or slow, after
/// `EngineBounds.queueWait` where it is only full. Those that were put down come back spread out, as the
/// destination can take them.
///
/// A value of one thread; time is brought with every call, by the engine's clock.
package final class DestinationGate {
  package enum Admission: Sendable, Hashable {
    /// A slot is taken: send.
    case go
    /// Stands in the queue; `next` will call.
    case queued
    /// Put it down until the instant.
    case park(until: Timestamp, ParkReason)
  }

  /// Why an execution is put down, for people.
  package enum ParkReason: Sendable, Hashable {
    case leftAlone, slow, full, rate
  }

  /// How full the relay is: the fuller, the less a slow destination may take of it.
  package enum Crowd: Sendable, Hashable {
    /// Up to half of all executions are under way.
    case light
    /// More than half.
    case dense
    /// More than three quarters.
    case packed

    package init(running: Int, of limit: Int) {
      self = running * 4 > limit * 3 ? .packed : running * 2 > limit ? .dense : .light
    }

    fileprivate var slowShare: Int {
      switch self {
      case .light: .max
      case .dense: EngineBounds.slowShare
      case .packed: EngineBounds.slowRest
      }
    }
  }

  package struct Limits: Sendable, Hashable {
    /// Requests under way at once.
    package var concurrency: Int
    package var breaker: Breaker.Rule
    package var rates: RateRules

    package init(
      concurrency: Int = 32, breaker: Breaker.Rule = Breaker.Rule(), rates: RateRules = RateRules()
    ) {
      self.concurrency = concurrency
      self.breaker = breaker
      self.rates = rates
    }
  }

  package let destination: Destination
  package private(set) var breaker: Breaker
  package private(set) var inFlight = 0
  private var queue: [RecordKey] = []
  /// Whose request probes: what began before the opening may still be under way beside it.
  private var probe: RecordKey?
  /// The mean time of an attempt, in milliseconds, the last eight counting most.
  private var meanMs: Double = 0
  /// When it last answered, or was asked while nothing was under way.
  private var progress: Timestamp
  /// Where the last execution was put down.
  private var horizon = Timestamp.epoch
  /// Nil where any number of requests may go.
  private var meter: RateMeter?

  /// - Parameter since: since when it is known what has gone to the destination.
  package init(
    _ destination: Destination, breaker: Breaker = Breaker(), rate: RateRule? = nil,
    since: Timestamp = .epoch, now: Timestamp
  ) {
    self.destination = destination
    self.breaker = breaker
    self.meter = rate.map { RateMeter($0, at: since) }
    self.progress = now
  }

  /// Holds the destination to another rule from now on, or to none.
  package func hold(to rate: RateRule?, now: Timestamp) {
    guard meter?.rule != rate else { return }
    meter = rate.map { RateMeter($0, at: now) }
    // The row of those put down was spaced by the other rule.
    horizon = .epoch
  }

  /// Asks to send one request for `execution`.
  package func admit(_ execution: RecordKey, limits: Limits, crowd: Crowd, now: Timestamp) -> Admission {
    if let until = breaker.closedUntil(now: now) {
      return .park(
        until: place(from: until, spacing: EngineBounds.parkSpacing, within: EngineBounds.closedHorizon),
        .leftAlone)
    }
    if let until = heldUntil(now: now) { return wait(until) }
    if queue.isEmpty, hasSlot(limits, crowd: crowd, now: now) {
      begin(execution, now: now)
      return .go
    }
    if isSlow(now: now) { return putDown(.slow, limits: limits, now: now) }
    queue.append(execution)
    return .queued
  }

  /// The execution that takes the slot which is free now; nil where none waits or none is free.
  package func next(limits: Limits, crowd: Crowd, now: Timestamp) -> RecordKey? {
    guard !queue.isEmpty, breaker.closedUntil(now: now) == nil, heldUntil(now: now) == nil,
      hasSlot(limits, crowd: crowd, now: now)
    else { return nil }
    let first = queue.removeFirst()
    begin(first, now: now)
    return first
  }

  /// Takes `execution` out of the queue; false where it does not stand there.
  package func leave(_ execution: RecordKey) -> Bool {
    guard let index = queue.firstIndex(of: execution) else { return false }
    queue.remove(at: index)
    return true
  }

  /// Where an execution goes that has stood in the queue too long, or whose destination was closed while
  /// it stood there.
  package func putDown(limits: Limits, now: Timestamp) -> Admission {
    if let until = breaker.closedUntil(now: now) {
      return .park(
        until: place(from: until, spacing: EngineBounds.parkSpacing, within: EngineBounds.closedHorizon),
        .leftAlone)
    }
    if let until = heldUntil(now: now) { return wait(until) }
    return putDown(isSlow(now: now) ? .slow : .full, limits: limits, now: now)
  }

  /// A request is over. True when the breaker has to be kept.
  package func release(
    _ verdict: Breaker.Verdict, of execution: RecordKey, took: Duration, limits: Limits, now: Timestamp
  ) -> Bool {
    precondition(inFlight > 0, "a slot is given back once for each time it was taken")
    inFlight -= 1
    if verdict != .unknown {
      progress = now
      meanMs += (Double(took.wholeMilliseconds) - meanMs) / 8
    }
    let isProbe = probe == execution
    if isProbe { probe = nil }
    return breaker.learn(verdict, isProbe: isProbe, rule: limits.breaker, now: now)
  }

  /// Nothing is under way, waits, or has to be remembered.
  package var isAtRest: Bool {
    inFlight == 0 && queue.isEmpty && breaker == Breaker() && meter == nil
  }

  /// Executions in the queue, in order.
  package var waiting: [RecordKey] { queue }

  package func isSlow(now: Timestamp) -> Bool {
    guard inFlight > 0 else { return false }
    return meanMs > Double(EngineBounds.slowAfter.wholeMilliseconds)
      || now - progress > EngineBounds.silentAfter
  }

  private func hasSlot(_ limits: Limits, crowd: Crowd, now: Timestamp) -> Bool {
    inFlight < limits.concurrency && (inFlight < crowd.slowShare || !isSlow(now: now))
  }

  private func begin(_ execution: RecordKey, now: Timestamp) {
    if inFlight == 0 { progress = now }
    inFlight += 1
    meter?.count(now: now)
    if !breaker.isClosed { probe = execution }
    breaker.begin()
  }

  /// Until when the rate lets nothing go; nil where it does.
  private func heldUntil(now: Timestamp) -> Timestamp? {
    guard let next = meter?.next(now: now), next > now else { return nil }
    return next
  }

  /// Whoever the rate holds back comes back as the rate lets it, one after another.
  private func wait(_ earliest: Timestamp) -> Admission {
    let spacing = meter?.rule.interval ?? .zero
    return .park(until: place(from: earliest, spacing: spacing, within: EngineBounds.rateHorizon), .rate)
  }

  private func putDown(_ reason: ParkReason, limits: Limits, now: Timestamp) -> Admission {
    let mean = Duration.milliseconds(Int64(max(meanMs, 1)))
    let spacing = max(mean / max(limits.concurrency, 1), .milliseconds(1))
    let from = now + min(max(mean, EngineBounds.queueWait), EngineBounds.slowAfter)
    return .park(until: place(from: from, spacing: spacing, within: EngineBounds.fullHorizon), reason)
  }

  /// The next place in the row of those put down; the row begins again where it would grow too long.
  private func place(from earliest: Timestamp, spacing: Duration, within length: Duration) -> Timestamp {
    let next = horizon + spacing
    horizon = next < earliest || next > earliest + length ? earliest : next
    return horizon
  }
}
