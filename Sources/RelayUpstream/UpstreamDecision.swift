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
  /// The highest number that this process has sent in this epoch.
  var sent: UInt64 = 0
  /// How many entries central asks for in a batch.
  var asked = 500
  /// How many entries fitted: less than asked for after a 413, growing again with what is acknowledged.
  var fitting = UpstreamDecision.largestBatch
  /// False while a single entry was too large: it is tried without its details.
  var sendsDetails = true
  /// Answers in a row that moved nothing on: the exponent of the next wait.
  var failures = 0

  /// How many entries the next batch holds at most.
  var batchLimit: Int { min(asked, fitting) }
}

/// What the sender does next.
enum UpstreamAction: Sendable, Equatable {
  /// Delete what is acknowledged; go on after `pause`.
  case acknowledge(pause: Duration)
  /// Central knows more than was sent: this store is an older copy. Begin a new epoch, and go on after
  /// `pause`.
  case beginEpoch(pause: Duration)
  /// Send again what is not acknowledged, after `pause`.
  case again(pause: Duration, why: String)
  /// The same, after the wait that central asked for.
  case obey(pause: Duration)
}

enum UpstreamDecision {
  /// The waits between failures, before the jitter.
  static let backoff = Backoff(initial: .seconds(1), factor: 2, max: .seconds(300))
  /// The least that a `Retry-After` is taken for: 0 would ask at once, for ever.
  static let leastRetryAfter = Duration.seconds(1)
  /// What central may ask for at most, in entries a batch.
  static let largestBatch = 5000

  /// Decides on an answer to a batch of `count` entries.
  ///
  /// | answer | next |
  /// | --- | --- |
  /// | 200, `acked_seq` moves on | delete up to it, go on |
  /// | 200, `acked_seq` stands still | like a failure |
  /// | 200, `acked_seq` beyond what was sent | new epoch; a second in a row waits first |
  /// | 409, `wanted_seq` | go on from there; a second in a row waits first |
  /// | 409, `wanted_seq` beyond what was sent | new epoch |
  /// | 413 | half the batch; a single entry goes without its details, then waits like a failure |
  /// | 429, 503 | wait as told, else like a failure |
  /// | the rest | full jitter over 1 s, 2 s, 4 s … 5 min |
  ///
  /// "Sent" is what this process has sent. An acknowledgement of what only an earlier process sent (its
  /// answer lost, and now a smaller batch) begins a new epoch needlessly, which ids make harmless; to
  /// take it for ours could delete ends that a restored disk numbered again.
  ///
  /// - Parameter unit: a random number in `0..<1`, for the jitter.
  static func decide(
    _ state: inout UpstreamState, _ answer: UpstreamAnswer, count: Int, unit: Double
  ) -> UpstreamAction {
    switch answer {
    case .acknowledged(let acked, _, _) where acked > state.sent: return beginEpoch(&state, unit)
    case .acknowledged(let acked, let nextBatch, let interval):
      if let nextBatch { state.asked = min(max(nextBatch, 1), largestBatch) }
      guard acked > state.acked else {
        return backOff(&state, "central acknowledges nothing of what was sent", unit)
      }
      moveOn(&state, to: acked, count: count)
      return .acknowledge(pause: interval)
    case .wanted(let wanted) where wanted > state.sent + 1: return beginEpoch(&state, unit)
    case .wanted(let wanted): return rewind(&state, to: wanted, count: count, unit)
    case .tooLarge: return shrink(&state, count: count, unit)
    case .unavailable(let retryAfter?):
      state.failures += 1
      return .obey(pause: max(retryAfter, leastRetryAfter))
    case .unavailable(nil): return backOff(&state, "central is unavailable", unit)
    case .failed(let why): return backOff(&state, why, unit)
    }
  }

  private static func moveOn(_ state: inout UpstreamState, to acked: UInt64, count: Int) {
    state.acked = acked
    state.failures = 0
    state.sendsDetails = true
    if count >= state.fitting {
      state.fitting = min(state.fitting + max(1, state.fitting / 8), largestBatch)
    }
  }

  private static func rewind(
    _ state: inout UpstreamState, to wanted: UInt64, count: Int, _ unit: Double
  ) -> UpstreamAction {
    let acked = wanted == 0 ? 0 : wanted - 1
    if acked > state.acked {
      moveOn(&state, to: acked, count: count)
      return .acknowledge(pause: .zero)
    }
    let isNew = acked < state.acked && state.failures == 0
    state.acked = acked
    let action = backOff(&state, "central asks for summaries from number \(wanted) on", unit)
    guard isNew, case .again(_, let why) = action else { return action }
    return .again(pause: .zero, why: why)
  }

  private static func shrink(_ state: inout UpstreamState, count: Int, _ unit: Double) -> UpstreamAction {
    if count > 1 {
      state.fitting = count / 2
      return .again(
        pause: .zero, why: "a batch of \(count) is too large for central: halved to \(state.fitting)")
    }
    let why = "central refuses a single summary as too large"
    guard state.sendsDetails else { return backOff(&state, why, unit) }
    state.fitting = 1
    state.sendsDetails = false
    return .again(pause: .zero, why: "\(why): it goes without its details")
  }

  private static func beginEpoch(_ state: inout UpstreamState, _ unit: Double) -> UpstreamAction {
    let isFirst = state.failures == 0
    guard case .again(let pause, _) = backOff(&state, "", unit), !isFirst else {
      return .beginEpoch(pause: .zero)
    }
    return .beginEpoch(pause: pause)
  }

  private static func backOff(
    _ state: inout UpstreamState, _ why: String, _ unit: Double
  ) -> UpstreamAction {
    state.failures += 1
    let base = backoff.base(afterFailures: state.failures)
    return .again(pause: Backoff.fullJitter(base, unit: unit), why: why)
  }
}
