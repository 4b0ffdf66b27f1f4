package import RelayExpressions
package import RelayModel

/// Waits for an instant, or for something to happen. Survives restarts, holds no memory.
package enum WaitStep: Sendable {
  /// A duration as in the configuration (`10m`), or an expression that gives one or its text.
  case span(Template)
  /// An instant: RFC 3339, whole or broken seconds since 1970, or an expression that gives a timestamp or one
  /// of these.
  case until(Template)
  case event(EventWait)
  case approval(ApprovalWait)

  /// `timeout` of a wait for what happens, where the document says nothing.
  package static let defaultTimeout = Duration.seconds(30 * 86_400)
  /// The longest wait: ten years.
  package static let longest = Duration.seconds(10 * 365 * 86_400)

  /// When the wait is over: at most `longest` ahead; an instant that is past is given as it is.
  ///
  /// - Parameters:
  ///   - wall: the wall clock, which instants of documents are meant by.
  ///   - now: the engine's clock, which spans are measured by.
  package func end(in scope: some Scope, wall: Timestamp, now: Timestamp) throws(StepError) -> Timestamp {
    switch self {
    case .span(let template): now + (try Self.span(template, in: scope))
    case .until(let template):
      // What is past on the wall clock is over, however far the engine's is behind it.
      switch try Self.instant(template, in: scope, wall: wall) {
      case let past where past <= wall: min(past, now)
      case let instant: instant
      }
    case .event(let wait): now + wait.timeout
    case .approval(let wait): now + wait.timeout
    }
  }

  private static func span(_ template: Template, in scope: some Scope) throws(StepError) -> Duration {
    let value = try evaluated { () throws(ExpressionError) in try template.value(in: scope) }
    let duration: Duration? =
      switch value.resolved {
      case .duration(let duration): duration
      case .string(let text): Duration(text: text)
      default: nil
      }
    guard let duration, duration >= .zero, duration <= longest else {
      throw StepError(
        .badValue, "wait: expected a duration such as 10m, at most ten years, found \(value.typeName)")
    }
    return duration
  }

  private static func instant(
    _ template: Template, in scope: some Scope, wall: Timestamp
  ) throws(StepError) -> Timestamp {
    let value = try evaluated { () throws(ExpressionError) in try template.value(in: scope) }
    guard let instant = instant(value) else {
      throw StepError(
        .badValue,
        "wait.until: expected a timestamp, RFC 3339 or seconds since 1970, found \(value.typeName)")
    }
    guard instant - wall <= longest else {
      throw StepError(.badValue, "wait.until: \(instant.rfc3339) is more than ten years ahead")
    }
    return instant
  }

  /// Nil for what names no instant of the years 1 to 9999.
  static func instant(_ value: Value) -> Timestamp? {
    switch value.resolved {
    case .timestamp(let instant): instant.timestamp
    case .int(let seconds): instant(seconds: Double(seconds))
    case .uint(let seconds): instant(seconds: Double(seconds))
    case .double(let seconds): instant(seconds: seconds)
    case .string(let text): instant(text)
    default: nil
    }
  }

  /// Nil for text that is neither RFC 3339 nor a number of seconds.
  static func instant(_ text: String) -> Timestamp? {
    Instant(rfc3339: text)?.timestamp ?? Double(text).flatMap { instant(seconds: $0) }
  }

  private static func instant(seconds: Double) -> Timestamp? {
    guard seconds.isFinite, abs(seconds) <= 253_402_300_799 else { return nil }
    return Timestamp(milliseconds: Int64((seconds * 1000).rounded(.down)))
  }
}
