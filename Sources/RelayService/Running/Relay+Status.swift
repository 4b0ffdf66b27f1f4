package import RelayAdmin
internal import RelayEngine
internal import RelayIngress
internal import RelayModel
internal import RelayStore
internal import RelayUpstream
internal import Synchronization

extension Relay {
  package func status() -> RelayStatus {
    let health = store.health
    let degraded = maintenance.fillingUp.flatMap { $0.isOver(Governor.begins) ? $0.warning : nil }
    return state.withLock { state in
      var obstacle: String?
      switch health.state {
      case .accepting: obstacle = state.isDraining ? "the relay is draining" : nil
      case .full(let why): obstacle = "the store takes no new events: \(why)"
      case .failed(let why): obstacle = "the store has failed: \(why)"
      }
      return RelayStatus(
        version: Version.text, startedAt: state.startedAt, generation: state.number,
        fingerprint: state.generation.fingerprint, isReady: obstacle == nil, obstacle: obstacle,
        degraded: degraded,
        isDraining: state.isDraining, listen: state.listen, adminListen: state.adminListen,
        hooks: state.generation.configuration.hooks.map(\.name),
        workflows: state.generation.workflows.keys.sorted(),
        versions: state.generation.workflows.mapValues(\.version), reloadErrors: state.reloadErrors,
        upstream: upstreamStatus(state.generation.configuration))
    }
  }

  private func upstreamStatus(_ configuration: Configuration) -> RelayStatus.Upstream? {
    guard let upstream, let written = configuration.upstream else { return nil }
    let status = upstream.status
    let lag = status.oldest.map { time.now() - $0 } ?? .zero
    var shown = RelayStatus.Upstream(
      url: written.url, edge: written.edge, pending: status.pending, lag: max(.zero, lag),
      lastError: status.lastError)
    shown.rejected = status.rejected
    shown.latestRejected = status.latestRejected.map { (id: $0.id, reason: $0.reason) }
    return shown
  }

  package func metrics() -> [MetricFamily] {
    let engine = engine.metrics.current
    var families = [
      MetricFamily(
        "petrel_requests_rejected_total", .counter, "Requests refused by hook and reason.",
        ingress.tally.all.sorted { ($0.key.hook, $0.key.code.rawValue) < ($1.key.hook, $1.key.code.rawValue) }
          .map { reason, count in
            MetricFamily.Sample(
              [.init("source", reason.hook), .init("reason", reason.code.rawValue)], .number(Double(count)))
          }),
      MetricFamily(
        "petrel_attempts_total", .counter, "Attempts of steps that send requests, by outcome.",
        [("succeeded", engine.succeeded), ("refused", engine.refused), ("failed", engine.failed)].map {
          MetricFamily.Sample([.init("outcome", $0.0)], .number(Double($0.1)))
        }),
      MetricFamily(
        "petrel_retries_total", .counter, "Attempts that failed and were made again later.",
        Double(engine.retries)),
      MetricFamily("petrel_step_duration_seconds", "How long attempts took.", engine.durations),
      MetricFamily(
        "petrel_ack_duration_seconds",
        "From a whole, verified request to the answer that its event is durable.",
        ingress.tally.acknowledgements),
      MetricFamily("petrel_executions_running", .gauge, "Executions that run now.", Double(engine.running)),
      MetricFamily(
        "petrel_destinations_left_alone", .gauge, "Destinations whose breaker is open.",
        Double(engine.leftAlone.count)),
    ]
    if let upstream {
      let status = upstream.status
      families.append(
        MetricFamily(
          "petrel_central_pending", .gauge, "Summaries that central has not acknowledged.",
          Double(status.pending)))
      families.append(
        MetricFamily(
          "petrel_central_rejected_total", .counter, "Summaries that central rejected.",
          Double(status.rejected)))
    }
    if let counts = exporter?.counts {
      families.append(
        MetricFamily(
          "petrel_spans_total", .counter, "Spans by what became of them.",
          [("exported", counts.exported), ("dropped", counts.dropped)].map {
            MetricFamily.Sample([.init("outcome", $0.0)], .number(Double($0.1)))
          }))
    }
    return families + ProcessFigures.families()
  }
}

extension MetricFamily {
  fileprivate init(_ name: String, _ help: String, _ durations: DurationHistogram) {
    self.init(
      name, .histogram, help,
      [
        Sample(
          [],
          .histogram(
            bounds: DurationHistogram.bounds.map(\.fractionalSeconds),
            counts: durations.buckets.map { UInt64(clamping: $0) },
            sum: durations.sum.fractionalSeconds))
      ])
  }
}

/// The program's version.
package enum Version {
  package static let text = "0.1.0"
}
