internal import RelayModel

/// One started request on its way to its completion, over all its hops.
///
/// ```
///   begin ──▶ waiting ──(name looked up)──▶ onWire ──(answer)──▶ completed
///     │          │                          │   ▲ │
///     └──────────┼──(address known)─────────┘   └─┘ redirect: back to begin, with what is left of
///                ▼                                    the time and of `follow`
///            completed: refused, not resolved, timed out, cancelled, stopped
/// ```
final class Transfer {
  enum Stage {
    /// For the addresses of this name.
    case waiting(name: String)
    case onWire(Wire)
  }

  let start: ClientInbox.Start
  var hop: Hop
  var redirectsLeft: Int
  var stage: Stage?

  init(_ start: ClientInbox.Start, hop: Hop) {
    self.start = start
    self.hop = hop
    redirectsLeft = start.request.follow
  }

  /// How far the request came, for a caller who ends it. A redirect was followed: the first server acted.
  var progress: TransferError.Progress {
    if case .onWire(let wire) = stage, wire.passage.progress != .notSent { return wire.passage.progress }
    return redirectsLeft < start.request.follow ? .sent : .notSent
  }
}
