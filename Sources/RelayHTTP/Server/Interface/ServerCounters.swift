/// What a server has done since it started, for metrics and tests. Read from any thread; each loop's part is
/// as of its last turn.
package struct ServerCounters: Sendable, Hashable {
  /// Open connections now.
  package var open = 0
  /// Requests that wait for their answer now.
  package var waiting = 0
  package var accepted = 0
  /// Requests that came whole, or were answered at their head.
  package var requests = 0
  /// Refused with 400: unreadable or ambiguous.
  package var badRequests = 0
  /// Ended with 408, at their head or in their body.
  package var tooSlow = 0
  /// Refused with 413, 414 and 431.
  package var tooLarge = 0
  /// Refused with 503 because too many bodies were in flight.
  package var overloaded = 0
  /// Connections closed because no request came.
  package var idleClosed = 0
  /// Idle connections closed to make room for a new one.
  package var shed = 0
  /// New connections closed at once: at a limit, and nobody idle.
  package var turnedAway = 0
  /// Times that accepting paused because the process ran out of descriptors.
  package var descriptorsExhausted = 0

  package init() {}

  static func + (a: ServerCounters, b: ServerCounters) -> ServerCounters {
    var sum = a
    sum.open += b.open
    sum.waiting += b.waiting
    sum.accepted += b.accepted
    sum.requests += b.requests
    sum.badRequests += b.badRequests
    sum.tooSlow += b.tooSlow
    sum.tooLarge += b.tooLarge
    sum.overloaded += b.overloaded
    sum.idleClosed += b.idleClosed
    sum.shed += b.shed
    sum.turnedAway += b.turnedAway
    sum.descriptorsExhausted += b.descriptorsExhausted
    return sum
  }
}
