internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
package import RelayStore
internal import RelayWorkflow

/// What came of a wait, ready for the walk.
package enum WaitOutcome: Sendable {
  /// Nothing yet.
  case pending
  /// What was waited for, as the step's output.
  case event([UInt8])
  case decision(ApprovalDecision)
  case timedOut
  /// A dry run goes on without it.
  case pretended
  /// What it waited for came, and cannot be read.
  case lost(String)
  /// What it waited for has failed.
  case failed(code: String, String)
}

/// Waits: begun with an instant that is decided once, and over when that or what they wait for has come.
extension Walk {
  func begin(_ wait: WaitStep, wall: Timestamp, now: Timestamp) throws(StepError) -> Stop? {
    let scope = scope()
    let until = try wait.end(in: scope, wall: wall, now: now)
    switch wait {
    case .span, .until:
      guard until > now else {
        pass(nil, attempt: nil, wall: wall)
        return nil
      }
    case .event(let wait):
      let kind = WaitKind(
        hook: wait.question.hook, id: wait.question.id, key: wait.question.key.source,
        condition: wait.question.condition?.source)
      begun = WaitRecord(
        subject: .event(AwaitedEvent(kind: kind, value: try wait.awaited(in: scope))), deadline: until)
      woken = .pending
    case .approval(let wait):
      let (title, message) = try wait.question(in: scope, name: step?.step.name ?? name)
      begun = WaitRecord(
        subject: .approval(ApprovalQuestion(title: title, message: message)), deadline: until)
      woken = .pending
    }
    return beginWait(until: until, wall: wall)
  }

  /// Puts down that the step at `position` waits.
  func beginWait(until: Timestamp, wall: Timestamp) -> Stop {
    var entry = entry(.waiting, wall: wall)
    entry.finishedAt = nil
    entry.decision = WaitMark.bytes(until)
    keep(entry)
    waitMark = until
    if child != nil { woken = .pending }
    return .pause(until: until)
  }

  func resume(_ mark: Timestamp, _ known: ProgramStep, wall: Timestamp, now: Timestamp) -> Stop? {
    guard let subject = known.step.verb.awaited else {
      guard now >= mark else { return .pause(until: mark) }
      waitMark = nil
      pass(nil, attempt: nil, wall: wall)
      return nil
    }
    switch woken {
    case .pending: return .pause(until: mark)
    // No instant and no record of what it waited for: both were lost together, in a damaged store.
    case nil where mark == .distantFuture:
      failWait("lost", "what it waited for is not on record any more", wall)
    case nil where now < mark: return .pause(until: mark)
    // Its record in the store is lost: nothing can come any more.
    case nil, .timedOut:
      failWait(
        ApprovalState.timeoutCode, "no \(subject) came within the step's timeout", wall)
    case .lost(let why): failWait("lost", why, wall)
    case .failed(let code, let message): failWait(code, message, wall)
    case .decision(let decision) where decision.isApproved:
      waitMark = nil
      pass(decision.output, attempt: nil, wall: wall)
    case .decision(let decision): failWait(ApprovalState.rejectedCode, decision.rejection, wall)
    case .pretended:
      waitMark = nil
      pass(nil, attempt: pretence(until: mark, subject, wall), wall: wall)
    case .event(let output):
      guard output.count <= EngineBounds.output.bytes else {
        failWait(
          StepError.Code.badValue.rawValue, "what came is larger than \(EngineBounds.output.text)", wall)
        break
      }
      waitMark = nil
      pass(output, attempt: nil, wall: wall)
    }
    woken = nil
    return nil
  }

  /// What a dry run shows of a wait.
  private func pretence(until mark: Timestamp, _ subject: String, _ wall: Timestamp) -> AttemptRecord {
    let shown: JSON = ["wait": .string(subject), "until": .string(mark.rfc3339)]
    return AttemptRecord(number: 1, at: wall, durationMs: 0, request: shown.serialized())
  }

  /// The wait at `position` has failed.
  func failWait(_ code: String, _ message: String, _ wall: Timestamp) {
    waitMark = nil
    fail(Failure(step: name, code: code, message: message), wall: wall)
  }

  /// Why the execution waits at `position`, for people.
  var waitReason: String {
    guard let verb = step?.step.verb, let subject = verb.awaited else { return "waiting" }
    if case .run = verb { return "waiting for the \(subject)" }
    return "waiting for an \(subject)"
  }
}

extension ApprovalDecision {
  /// What the step holds.
  fileprivate var output: [UInt8] {
    let value: JSON = [
      "decision": "approved", "by": by.map(JSON.string) ?? .null, "at": .string(at.rfc3339),
      "comment": comment.map(JSON.string) ?? .null,
    ]
    return value.serialized()
  }

  /// The failure's message.
  fileprivate var rejection: String {
    "rejected" + (by.map { " by \($0)" } ?? "") + (comment.map { ": \($0)" } ?? "")
  }
}

extension Verb {
  /// What the step waits for, for people; nil for an instant, and for what does not wait.
  fileprivate var awaited: String? {
    switch self {
    case .wait(let wait): wait.subject
    case .run(let run): "workflow \(run.workflow)"
    default: nil
    }
  }
}

extension WaitStep {
  /// What is waited for, for people; nil for an instant.
  fileprivate var subject: String? {
    switch self {
    case .span, .until: nil
    case .approval: "approval"
    case .event(let wait): "event of the hook \(wait.question.hook)"
    }
  }
}

/// The instant of a begun wait, as a journal entry keeps it.
enum WaitMark {
  static func bytes(_ instant: Timestamp) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: instant.milliseconds >> Int64($0)) }
  }

  static func instant(_ bytes: [UInt8]) -> Timestamp? {
    guard bytes.count == 8 else { return nil }
    return Timestamp(milliseconds: Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
  }
}
