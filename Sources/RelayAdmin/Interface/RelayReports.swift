package import RelayModel

/// What runs, as `petrel status` and `/readyz` tell it.
package struct RelayStatus: Sendable {
  package struct Upstream: Sendable {
    package var url: String
    package var edge: String
    /// Ends that central has not acknowledged.
    package var pending: UInt64
    /// The age of the oldest of them.
    package var lag: Duration
    /// What the last try met; nil where it went well.
    package var lastError: String?
    /// Ends that central rejected for good, since the start.
    package var rejected = 0
    /// The latest of them, newest last, each with central's reason.
    package var latestRejected: [(id: String, reason: String)] = []

    package init(url: String, edge: String, pending: UInt64, lag: Duration, lastError: String? = nil) {
      self.url = url
      self.edge = edge
      self.pending = pending
      self.lag = lag
      self.lastError = lastError
    }
  }

  /// Of the program.
  package var version: String
  package var startedAt: Timestamp
  /// Raised by every reload that took effect.
  package var generation: UInt64
  /// SHA-256 over configuration and workflows, in hex.
  package var fingerprint: String
  /// Takes events and makes them durable.
  package var isReady: Bool
  /// Why it is not ready, for people.
  package var obstacle: String?
  /// What will get in the way if it goes on, for people; nil while nothing will.
  package var degraded: String?
  package var isDraining: Bool
  /// Where hooks are served, as bound: `127.0.0.1:8080`.
  package var listen: String
  package var adminListen: String
  package var hooks: [String]
  package var workflows: [String]
  /// Of each workflow, the number of the version that new events start.
  package var versions: [String: UInt32]
  /// Why the last reload was refused; empty after one that took effect.
  package var reloadErrors: [String]
  package var upstream: Upstream?

  package init(
    version: String, startedAt: Timestamp, generation: UInt64, fingerprint: String, isReady: Bool,
    obstacle: String? = nil, degraded: String? = nil, isDraining: Bool = false, listen: String,
    adminListen: String,
    hooks: [String], workflows: [String], versions: [String: UInt32] = [:], reloadErrors: [String] = [],
    upstream: Upstream? = nil
  ) {
    self.version = version
    self.startedAt = startedAt
    self.generation = generation
    self.fingerprint = fingerprint
    self.isReady = isReady
    self.obstacle = obstacle
    self.degraded = degraded
    self.isDraining = isDraining
    self.listen = listen
    self.adminListen = adminListen
    self.hooks = hooks
    self.workflows = workflows
    self.versions = versions
    self.reloadErrors = reloadErrors
    self.upstream = upstream
  }
}

/// What a reload came to.
package struct ReloadReport: Sendable, Equatable {
  /// The generation that runs now.
  package var generation: UInt64
  package var fingerprint: String
  /// False where nothing had changed, or the change was refused.
  package var changed: Bool
  /// `file:line:column: message`; not empty where the change was refused.
  package var errors: [String]
  package var warnings: [String]

  package init(
    generation: UInt64, fingerprint: String, changed: Bool, errors: [String] = [], warnings: [String] = []
  ) {
    self.generation = generation
    self.fingerprint = fingerprint
    self.changed = changed
    self.errors = errors
    self.warnings = warnings
  }
}

/// What became of a refused request that was judged again.
package enum RejudgeOutcome: Sendable, Equatable {
  case admitted(event: RecordKey, executions: [RecordKey], duplicate: Bool)
  case refused(Refusal)
}

/// One check of a refused request, in the order in which they are made.
package struct RejectionFinding: Sendable, Equatable {
  package enum Verdict: String, Sendable {
    case passed, failed
    /// Could not be looked at because an earlier check failed.
    case skipped
    /// What probably happened, and the fix.
    case diagnosis
  }

  package var verdict: Verdict
  package var check: String
  package var evidence: String

  package init(_ verdict: Verdict, _ check: String, _ evidence: String) {
    self.verdict = verdict
    self.check = check
    self.evidence = evidence
  }
}

/// A copy of the store.
package struct BackupReport: Sendable, Equatable {
  package var folder: String
  package var bytes: Int
  package var events: Int
  package var executions: Int
  /// What the check of every record found; nil where none was asked for, empty where all is sound.
  package var findings: [String]?

  package init(folder: String, bytes: Int, events: Int, executions: Int, findings: [String]? = nil) {
    self.folder = folder
    self.bytes = bytes
    self.events = events
    self.executions = executions
    self.findings = findings
  }
}

/// Why the relay did not do what it was asked; each has one HTTP status and one exit status.
package enum ControlError: Error, Sendable, Equatable {
  /// There is no such thing (404, 66).
  case notFound(String)
  /// Its state does not allow it, for example a retry of what still runs (409, 1).
  case conflict(String)
  /// What was sent cannot be used (400, 65).
  case invalid(String)
  /// Not at present: the store is full, failed or closing (503, 75).
  case unavailable(String)

  package var message: String {
    switch self {
    case .notFound(let message), .conflict(let message), .invalid(let message), .unavailable(let message):
      message
    }
  }
}
