internal import RelayModel

/// What central said to a batch, or what became of it on the way.
enum UpstreamAnswer: Sendable, Equatable {
  /// 200: everything up to `ackedSeq` is held, or was rejected for good and shown.
  case acknowledged(ackedSeq: UInt64, nextBatch: Int?, minInterval: Duration)
  /// 409: central misses what comes from here on.
  case wanted(UInt64)
  /// 413.
  case tooLarge
  /// 429 or 503, with the wait that `Retry-After` asks for.
  case unavailable(retryAfter: Duration?)
  /// Anything else: another status, an answer that cannot be read, a network error.
  case failed(String)
}

/// Where the sender stands towards central. A value: decisions are pure, the shell performs them.
struct UpstreamState: Sendable, Equatable {
  /// Everything up to here is acknowledged, and gone from the outbox or about to be.
  var acked: UInt64
  /// How many events the next batch holds at most.
  var batchLimit: Int
  /// Failures in a row: the exponent of the next wait.
  var failures = 0
}

/// What the sender does next.
enum UpstreamAction: Sendable, Equatable {
  /// Delete what is acknowledged; go on after `pause`.
  case acknowledge(upTo: UInt64, pause: Duration)
  /// Central knows more than we ever sent: this store is an older copy. Begin a new epoch.
  case beginEpoch
  /// Send the same range again, or what is left of it, after `pause`.
  case again(pause: Duration, why: String)
}

enum UpstreamDecision {
  static let firstPause = Duration.seconds(1)
  static let longestPause = Duration.seconds(300)
  /// What central may ask for at most, in events a batch.
  static let largestBatch = 5000

  /// Decides on an answer to the batch that ended with `lastSent`.
  ///
  /// | answer | next |
  /// | --- | --- |
  /// | 200, `acked_seq` ≤ ours | delete up to it, go on |
  /// | 200, `acked_seq` > ours | new epoch |
  /// | 409, `wanted_seq` ≤ ours + 1 | go on from there |
  /// | 409, `wanted_seq` beyond | new epoch |
  /// | 413 | half the batch; a single event that is too large waits like a failure |
  /// | 429, 503 | wait as told, else like a failure |
  /// | the rest | full jitter over 1 s, 2 s, 4 s … 5 min |
  ///
  /// - Parameters:
  ///   - lastSeq: the newest sequence number ever given in this epoch.
  ///   - unit: a random number in `0..<1`, for the jitter.
  static func decide(
    _ state: inout UpstreamState, _ answer: UpstreamAnswer, lastSeq: UInt64, unit: Double
  ) -> UpstreamAction {
    switch answer {
    case .acknowledged(let acked, let nextBatch, let interval):
      guard acked <= lastSeq else { return .beginEpoch }
      state.failures = 0
      state.acked = max(state.acked, acked)
      if let nextBatch { state.batchLimit = min(max(nextBatch, 1), largestBatch) }
      return .acknowledge(upTo: state.acked, pause: interval)
    case .wanted(let wanted):
      guard wanted <= lastSeq + 1 else { return .beginEpoch }
      state.failures = 0
      state.acked = wanted == 0 ? 0 : wanted - 1
      return .acknowledge(upTo: state.acked, pause: .zero)
    case .tooLarge where state.batchLimit > 1:
      state.batchLimit /= 2
      return .again(pause: .zero, why: "the batch is too large for central: halved to \(state.batchLimit)")
    case .tooLarge:
      return backOff(&state, "central refuses a batch of one event as too large", unit)
    case .unavailable(let retryAfter?):
      state.failures += 1
      return .again(pause: min(retryAfter, .seconds(86_400)), why: "central asks to wait")
    case .unavailable(nil):
      return backOff(&state, "central is unavailable", unit)
    case .failed(let why):
      return backOff(&state, why, unit)
    }
  }

  /// The longest wait after so many failures in a row: 1 s, 2 s, 4 s … 300 s.
  static func ceiling(failures: Int) -> Duration {
    guard failures < 9 else { return longestPause }
    return min(firstPause * (1 << max(failures - 1, 0)), longestPause)
  }

  private static func backOff(
    _ state: inout UpstreamState, _ why: String, _ unit: Double
  ) -> UpstreamAction {
    state.failures += 1
    let milliseconds = Double(ceiling(failures: state.failures).wholeMilliseconds) * unit
    return .again(pause: .milliseconds(Int64(milliseconds)), why: why)
  }
}
