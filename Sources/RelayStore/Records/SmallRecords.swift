package import RelayModel

/// A destination's circuit breaker, kept so that a restart does not forget it.
package struct BreakerRecord: Sendable, Hashable {
  /// Failures in a row.
  package var failures: Int
  /// Left alone until then; nil while it is closed.
  package var openUntil: Timestamp?
  /// The present distance between probes.
  package var delay: Duration

  package init(failures: Int, openUntil: Timestamp?, delay: Duration) {
    self.failures = failures
    self.openUntil = openUntil
    self.delay = delay
  }
}

/// A secret as the vault sealed it: the store never sees it open.
package struct SealedSecret: Sendable, Hashable {
  package var sealed: [UInt8]
  package var updatedAt: Timestamp

  package init(sealed: [UInt8], updatedAt: Timestamp) {
    self.sealed = sealed
    self.updatedAt = updatedAt
  }
}

/// An admin API token: its hash, never itself.
package struct TokenRecord: Sendable, Hashable {
  package var id: String
  package var name: String
  /// `admin`, `operator` or `viewer`.
  package var role: String
  /// SHA-256 of the token.
  package var hash: [UInt8]
  package var createdAt: Timestamp

  package init(id: String, name: String, role: String, hash: [UInt8], createdAt: Timestamp) {
    self.id = id
    self.name = name
    self.role = role
    self.hash = hash
    self.createdAt = createdAt
  }
}

/// Who did what, when.
package struct AuditRecord: Sendable, Hashable {
  package var at: Timestamp
  /// A token's name, a local user, or `petrel`.
  package var actor: String
  /// For example `execution.cancel`.
  package var action: String
  /// The id or name of what it was done to.
  package var subject: String
  package var detail: String

  package init(at: Timestamp, actor: String, action: String, subject: String, detail: String = "") {
    self.at = at
    self.actor = actor
    self.action = action
    self.subject = subject
    self.detail = detail
  }
}
