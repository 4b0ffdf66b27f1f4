internal import RelayModel

/// What is known of names: addresses for a minute, refreshed behind the requests after ten seconds;
/// a failure for one second. Pure, on a clock that is passed in.
struct NameTable {
  enum Answer: Equatable {
    /// Use these; with `ask`, look the name up again meanwhile.
    case addresses([IPAddress], ask: Bool)
    case failure(LookupFailure)
    /// Wait for the look-up; with `ask`, start it.
    case wait(ask: Bool)
  }

  private struct Entry {
    var addresses: [IPAddress] = []
    var usableUntil: Duration = .zero
    var failure: LookupFailure?
    var nextLookup: Duration = .zero
    var isAsked = false
  }

  static let usable: Duration = .seconds(60)
  static let fresh: Duration = .seconds(10)
  static let failureKept: Duration = .seconds(1)
  static let mostNames = 4096

  private var entries: [String: Entry] = [:]

  var count: Int { entries.count }

  /// What to do for a request to `name`. An `ask` must be followed by `record`.
  mutating func answer(for name: String, now: Duration) -> Answer {
    if entries[name] == nil { makeRoom(now) }
    return answer(for: &entries[name, default: Entry()], now)
  }

  private func answer(for entry: inout Entry, _ now: Duration) -> Answer {
    let isDue = now >= entry.nextLookup && !entry.isAsked
    if !entry.addresses.isEmpty, now < entry.usableUntil {
      if isDue { entry.isAsked = true }
      return .addresses(entry.addresses, ask: isDue)
    }
    if let failure = entry.failure, now < entry.nextLookup { return .failure(failure) }
    if isDue { entry.isAsked = true }
    return .wait(ask: isDue)
  }

  /// Takes the result of a look-up. Addresses that are still usable outlive a resolver that does not
  /// answer, but not one that says that the name is gone.
  mutating func record(_ name: String, _ result: Result<[IPAddress], LookupFailure>, now: Duration) {
    var entry = entries[name] ?? Entry()
    entry.isAsked = false
    switch result {
    case .success(let addresses):
      entry = Entry(addresses: addresses, usableUntil: now + Self.usable, nextLookup: now + Self.fresh)
    case .failure(let failure):
      entry.failure = failure
      entry.nextLookup = now + Self.failureKept
      if case .unknown = failure { entry.addresses = [] }
    }
    entries[name] = entry
  }

  /// Names come from payloads too: when there are too many, those go that nobody waits for.
  private mutating func makeRoom(_ now: Duration) {
    guard entries.count >= Self.mostNames else { return }
    entries = entries.filter { $0.value.isAsked || now < $0.value.usableUntil && now < $0.value.nextLookup }
    guard entries.count >= Self.mostNames else { return }
    entries = entries.filter { $0.value.isAsked }
  }
}
