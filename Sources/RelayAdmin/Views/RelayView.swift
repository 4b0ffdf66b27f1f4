internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// What runs, and what it has done, as the interface shows it.
enum RelayView {
  static func status(_ status: RelayStatus, _ counters: StoreCounters, _ health: StoreHealth) -> JSON {
    [
      "version": .string(status.version), "started_at": JSON(status.startedAt),
      "generation": .number(JSONNumber(text: "\(status.generation)")),
      "fingerprint": .string(status.fingerprint), "ready": .bool(status.isReady),
      "obstacle": JSON(status.obstacle), "degraded": JSON(status.degraded),
      "draining": .bool(status.isDraining),
      "listen": .string(status.listen), "admin_listen": .string(status.adminListen),
      "hooks": texts(status.hooks), "workflows": texts(status.workflows),
      "reload_errors": texts(status.reloadErrors), "backlog": JSON(counters.backlog),
      "executions": executions(counters), "dead_letters": JSON(counters.deadLetters),
      "store": ["used_bytes": JSON(health.used.bytes), "limit_bytes": JSON(health.limit.bytes)],
      "upstream": upstream(status.upstream),
    ]
  }

  static func stats(_ counters: StoreCounters, loaded: [String]) -> JSON {
    let hooks = counters.hooks.sorted { $0.key < $1.key }
    let names = Set(counters.workflows.keys).union(loaded).sorted()
    return [
      "events": JSON(counters.events), "executions": executions(counters), "backlog": JSON(counters.backlog),
      "dead_letters": JSON(counters.deadLetters), "rejected": JSON(counters.rejected),
      "damaged": JSON(counters.damaged), "hooks": .array(hooks.map { hook($0.key, $0.value) }),
      "workflows": .array(
        names.map { workflow($0, counters.workflows[$0] ?? WorkflowCounters(), loaded: loaded.contains($0)) }),
    ]
  }

  static func hook(_ name: String, _ counters: HookCounters) -> JSON {
    [
      "name": .string(name), "accepted": number(counters.accepted),
      "duplicates": number(counters.duplicates), "rejected": number(counters.rejected),
    ]
  }

  static func workflow(_ name: String, _ counters: WorkflowCounters, loaded: Bool) -> JSON {
    [
      "name": .string(name), "succeeded": number(counters.succeeded), "failed": number(counters.failed),
      "cancelled": number(counters.cancelled), "loaded": .bool(loaded),
    ]
  }

  static func version(_ version: ListedVersion, isCurrent: Bool) -> JSON {
    [
      "workflow": .string(version.workflow), "version": .string(Hex.text(version.hash)),
      "current": .bool(isCurrent), "in_flight": JSON(version.inFlight),
    ]
  }

  static func reload(_ report: ReloadReport) -> JSON {
    [
      "generation": number(report.generation), "fingerprint": .string(report.fingerprint),
      "changed": .bool(report.changed), "errors": texts(report.errors), "warnings": texts(report.warnings),
    ]
  }

  static func backup(_ report: BackupReport) -> JSON {
    [
      "folder": .string(report.folder), "bytes": JSON(report.bytes), "events": JSON(report.events),
      "executions": JSON(report.executions), "findings": report.findings.map(texts) ?? .null,
    ]
  }

  static func check(_ report: CheckReport) -> JSON {
    [
      "sound": .bool(report.isSound), "records": JSON(report.records),
      "findings": .array(
        report.findings.map {
          [
            "database": .string($0.database), "key": .string($0.key), "what": .string($0.what),
            "fix": .string($0.fix),
          ]
        }), "unlisted": JSON(report.unlisted),
    ]
  }

  private static func upstream(_ upstream: RelayStatus.Upstream?) -> JSON {
    guard let upstream else { return .null }
    return [
      "url": .string(upstream.url), "edge": .string(upstream.edge), "pending": number(upstream.pending),
      "lag_ms": number(UInt64(max(0, upstream.lag.wholeMilliseconds))),
      "last_error": JSON(upstream.lastError), "rejected": JSON(upstream.rejected),
      "latest_rejected": .array(
        upstream.latestRejected.map { ["id": .string($0.id), "reason": .string($0.reason)] }),
    ]
  }

  private static func executions(_ counters: StoreCounters) -> JSON {
    .object(
      JSONObject(
        ExecutionStatus.allCases.map { ($0.rawValue, JSON(counters.executions[$0] ?? 0)) }))
  }

  private static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

  private static func number(_ value: UInt64) -> JSON { .number(JSONNumber(text: "\(value)")) }
}

extension Finding {
  /// For people: where, what, and what to do.
  var sentence: String { "\(database) \(key): \(what); \(fix)" }
}
