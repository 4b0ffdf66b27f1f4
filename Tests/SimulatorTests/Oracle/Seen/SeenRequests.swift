import RelayEngine
import RelayHTTP
import RelayModel
import RelaySandbox
import RelayStore

/// Every request that the destinations have seen.
struct SeenRequests {
  struct Open {
    var server: Int
    var key: String
    var place: StepPath
    /// The execution, or the strand of one.
    var walker: RecordKey
    var isFresh: Bool
  }

  struct Wire: Equatable {
    var method: String
    var url: String
    var headers: [String]
    var body: [UInt8]

    init(_ request: OutgoingRequest) {
      method = request.method
      url = request.url
      headers = request.headers.all.map { "\($0.name): \($0.value)" }
      body = request.body
    }

    init(_ script: Script) {
      method = "lua"
      url = script.source
      headers = ["seed: \(script.seed)", "timeout: \(script.timeout)", "memory: \(script.memory)"]
      body = script.input
    }
  }

  var open: [UInt64: Open] = [:]
  /// What each key stands for.
  var byKey: [String: Wire] = [:]
  /// Steps that have succeeded on record.
  var finished: Set<String> = []
  var gates: [SeenGate] = []
  var count = 0
  private var lastNumber: UInt64 = 0

  /// What the next attempt is called.
  mutating func nextNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  mutating func forgetOpen() {
    open = [:]
    for index in gates.indices { gates[index] = SeenGate() }
  }

  mutating func ran(_ rule: Breaker.Rule, at instant: Duration) {
    for index in gates.indices { gates[index].ran(rule, at: instant) }
  }
}

/// One destination's breaker, as far as it can be told from outside. The engine hears of what happened
/// when it runs: until then both the old and the new state are possible, and the laxer one counts.
struct SeenGate {
  private struct Ended {
    var number: UInt64
    var isAlive: Bool
  }

  private var failures = 0
  /// When it was last found failing, once it is left alone.
  private var leftAloneAt: Duration?
  private var probe: UInt64?
  private var lastProbe: UInt64?
  private var unheard: [Ended] = []

  /// A request ended; `isAlive` is nil where that says nothing of the destination.
  mutating func ended(_ number: UInt64, isAlive: Bool?) {
    if let isAlive { unheard.append(Ended(number: number, isAlive: isAlive)) }
    if probe == number { probe = nil }
  }

  /// A request that broke on a kept connection is sent once more, as the same attempt.
  mutating func repeated(_ old: UInt64, as new: UInt64) {
    guard lastProbe == old else { return }
    probe = new
    lastProbe = new
  }

  mutating func ran(_ rule: Breaker.Rule, at instant: Duration) {
    for end in unheard { take(end, rule, at: instant) }
    unheard = []
  }

  private mutating func take(_ end: Ended, _ rule: Breaker.Rule, at instant: Duration) {
    guard !end.isAlive else {
      failures = 0
      leftAloneAt = nil
      return
    }
    failures += 1
    if failures == rule.failures || lastProbe == end.number { leftAloneAt = instant }
  }

  /// A request is sent. Text where it should not have been.
  mutating func sent(_ number: UInt64, _ rule: Breaker.Rule, at instant: Duration) -> String? {
    guard let since = leftAloneAt, !unheard.contains(where: \.isAlive) else { return nil }
    defer {
      probe = number
      lastProbe = number
    }
    if let probe { return "request \(number) goes while the probe \(probe) is under way" }
    // The engine's clock may run a tenth faster, to catch up with a wall clock that was set.
    let earliest = since + rule.probe * 10 / 11 - .milliseconds(2)
    return instant < earliest ? "request \(number) goes \(instant - since) after the last failure" : nil
  }
}
