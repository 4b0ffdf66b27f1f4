package import RelayModel

/// A destination's circuit breaker: after so many failures in a row the destination is left alone but
/// for one probe at a time. A value without a clock: every question brings the instant.
///
/// ```
///            failures in a row < limit: counted          the instant has come: one request may go
///   ┌──────┐ ────────────────────────────────┐ ┌──────┐ ─────────────────────────────▶ ┌─────────┐
///   │closed│                                 ╰▶│ open │                                │ probing │
///   └──────┘ ◀──── an answer that shows life ──└──────┘ ◀── failed: the delay doubles ─└─────────┘
///       ▲                                                                                   │
///       └──────────────────────────── an answer that shows life ────────────────────────────┘
/// ```
package struct Breaker: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    /// Requests go; so many have failed in a row.
    case closed(failures: Int)
    /// Nothing goes before `until`; `delay` led there.
    case open(until: Timestamp, delay: Duration)
    /// One request is on its way to find out.
    case probing(delay: Duration)
  }

  /// When a breaker opens and how long it stays so.
  package struct Rule: Sendable, Hashable {
    /// Failures in a row that open it, 1 or more.
    package var failures: Int
    /// How long it is left alone at first.
    package var probe: Duration
    /// What the doubling never passes.
    package var max: Duration

    package init(failures: Int = 20, probe: Duration = .seconds(1), max: Duration = .seconds(60)) {
      self.failures = failures
      self.probe = probe
      self.max = max
    }
  }

  /// What an attempt told about its destination.
  package enum Verdict: Sendable, Hashable {
    /// It answered, and not with a failure of its own.
    case alive
    /// No answer, or one that says the destination itself is at fault.
    case failed
    /// Nothing: cancelled, or asked to slow down.
    case unknown
  }

  package private(set) var state: State

  package init() { state = .closed(failures: 0) }

  /// Takes a breaker back after a restart: an opening that lies further ahead than any could is cut, so
  /// that a clock that was wrong then does not close a destination now.
  package init(failures: Int, openUntil: Timestamp?, delay: Duration, rule: Rule, now: Timestamp) {
    guard let openUntil else {
      state = .closed(failures: failures)
      return
    }
    let delay = min(Swift.max(delay, rule.probe), rule.max)
    state = .open(until: min(openUntil, now + delay), delay: delay)
  }

  /// When to ask again; nil where a request may go now.
  package func closedUntil(now: Timestamp) -> Timestamp? {
    switch state {
    case .closed: nil
    case .open(let until, _): now < until ? until : nil
    case .probing(let delay): now + delay
    }
  }

  /// A request goes that `closedUntil` allowed: out of an open breaker it is the probe.
  package mutating func begin() {
    if case .open(_, let delay) = state { state = .probing(delay: delay) }
  }

  /// Learns what became of a request. True when the change is one to be kept across a restart: an
  /// opening or a closing, not each failure counted.
  ///
  /// - Parameter isProbe: false for one that began before the opening. It may show life; but its failure
  ///   says nothing of the probe beside it.
  package mutating func learn(_ verdict: Verdict, isProbe: Bool, rule: Rule, now: Timestamp) -> Bool {
    switch (state, verdict) {
    case (.closed, .alive):
      state = .closed(failures: 0)
      return false
    case (.closed(let failures), .failed) where failures + 1 < rule.failures:
      state = .closed(failures: failures + 1)
      return false
    case (.closed, .failed):
      state = .open(until: now + rule.probe, delay: rule.probe)
      return true
    case (.open, .alive), (.probing, .alive):
      state = .closed(failures: 0)
      return true
    case (.probing(let delay), .failed) where isProbe:
      let doubled = min(delay * 2, rule.max)
      state = .open(until: now + doubled, delay: doubled)
      return true
    case (.probing(let delay), .unknown) where isProbe:
      state = .open(until: now, delay: delay)
      return false
    case (.open, .failed), (.open, .unknown), (.closed, .unknown), (.probing, .failed), (.probing, .unknown):
      return false
    }
  }

  /// True where a request may go at once.
  package var isClosed: Bool { if case .closed = state { true } else { false } }
}
