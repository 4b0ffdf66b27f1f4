/// What a token may do; each role may do what the one before it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
  /// Look.
  case viewer
  /// Retry, cancel, replay, run.
  case `operator`
  /// Secrets, tokens, reload, backup, audit.
  case admin

  package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .operator: 1
    case .admin: 2
    }
  }
}

/// Who asks.
package struct Caller: Sendable, Hashable {
  package var role: Role
  /// For the audit: a token's name, `local` on the socket, `anonymous` where none is asked for.
  package var name: String

  package init(role: Role, name: String) {
    self.role = role
    self.name = name
  }
}
