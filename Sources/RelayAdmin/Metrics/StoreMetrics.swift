internal import RelayModel
internal import RelayStore

/// The metrics that follow from the store's own counts: exact over restarts.
struct StoreMetrics {
  let counters: StoreCounters
  let use: StoreUse
  let status: RelayStatus
  /// When what is due longest became due, or the next thing will; nil where nothing waits.
  let nextDue: Timestamp?
  let lastBackup: Timestamp?
  let now: Timestamp

  var families: [MetricFamily] {
    [
      received, executions, depth, oldest,
      MetricFamily(
        "petrel_dead_letters", .gauge, "Executions that failed for good and wait for somebody.",
        Double(counters.deadLetters)),
      MetricFamily("petrel_events", .gauge, "Events stored.", Double(counters.events)),
      MetricFamily(
        "petrel_records_damaged", .gauge, "Records found damaged and set aside.", Double(counters.damaged)),
      MetricFamily("petrel_store_used_bytes", .gauge, "Pages in use.", Double(use.live.bytes)),
      MetricFamily(
        "petrel_store_free_bytes", .gauge, "Pages inside the file that hold nothing; used again first.",
        Double(use.free.bytes)),
      MetricFamily(
        "petrel_store_limit_bytes", .gauge, "What the data file never passes.", Double(use.limit.bytes)),
      MetricFamily(
        "petrel_ready", .gauge, "1 while events are taken and made durable.", status.isReady ? 1 : 0),
      MetricFamily(
        "petrel_config_generation", .gauge, "Raised by every reload that took effect.",
        Double(status.generation)),
      MetricFamily(
        "petrel_config_reload_failed", .gauge, "1 after a reload that was refused.",
        status.reloadErrors.isEmpty ? 0 : 1),
      MetricFamily(
        "petrel_build_info", .gauge, "The program that runs.",
        [.init([.init("version", status.version)], .number(1))]),
    ] + backup + upstream
  }

  private var received: MetricFamily {
    let samples = Set(counters.hooks.keys).union(status.hooks).sorted().flatMap { name in
      let counts = counters.hooks[name] ?? HookCounters()
      return [("accepted", counts.accepted), ("duplicate", counts.duplicates), ("rejected", counts.rejected)]
        .map {
          MetricFamily.Sample([.init("source", name), .init("outcome", $0.0)], .number(Double($0.1)))
        }
    }
    return MetricFamily(
      "petrel_requests_received_total", .counter, "Requests by hook and what became of them.", samples)
  }

  private var executions: MetricFamily {
    let samples = Set(counters.workflows.keys).union(status.workflows).sorted().flatMap { name in
      let counts = counters.workflows[name] ?? WorkflowCounters()
      return [("succeeded", counts.succeeded), ("failed", counts.failed), ("cancelled", counts.cancelled)].map
      {
        MetricFamily.Sample([.init("workflow", name), .init("outcome", $0.0)], .number(Double($0.1)))
      }
    }
    return MetricFamily(
      "petrel_executions_total", .counter, "Ends of executions by workflow.", samples)
  }

  private var depth: MetricFamily {
    let open = ExecutionStatus.allCases.filter { !$0.isFinal }
    return MetricFamily(
      "petrel_queue_depth", .gauge, "Executions that have not ended.",
      open.map { .init([.init("status", $0.rawValue)], .number(Double(counters.executions[$0] ?? 0))) })
  }

  private var oldest: MetricFamily {
    let age = nextDue.map { max(.zero, now - $0) } ?? .zero
    return MetricFamily(
      "petrel_queue_oldest_age_seconds", .gauge,
      "How long ago the execution became due that is due longest and has not been taken up.",
      age.fractionalSeconds)
  }

  private var backup: [MetricFamily] {
    guard let lastBackup else { return [] }
    return [
      MetricFamily(
        "petrel_last_backup_timestamp_seconds", .gauge, "When the store was last copied.",
        Double(lastBackup.milliseconds) / 1000)
    ]
  }

  private var upstream: [MetricFamily] {
    guard let upstream = status.upstream else { return [] }
    return [
      MetricFamily(
        "petrel_central_lag_seconds", .gauge, "The age of the oldest end that central has not acknowledged.",
        upstream.lag.fractionalSeconds)
    ]
  }
}
