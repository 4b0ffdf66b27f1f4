internal import RelayHTTP
internal import RelayModel
internal import RelayStore
internal import RelayWorkflow

/// What the engine tells of its work where traces are recorded.
extension EngineCore {
  private var tracing: Tracing? { configuration.tracing }

  /// The fields that tell the destination of the trace which the attempt of `run` belongs to.
  func traceFields(of run: Run) -> [(name: String, value: String)] {
    guard let tracing else { return [] }
    let attempt = span(of: run).map { tracing.attempt(run.attempt, of: run.walk.keyPath, in: $0.context) }
    return tracing.fields(attempt, run.walk.event.record.headers, isRepetition: run.isRepetition)
  }

  private func span(of run: Run) -> (context: TraceContext, parent: UInt64?, link: TraceContext?)? {
    tracing?.run(
      run.root, revision: run.revision, of: run.walk.event.key, run.walk.event.record.headers,
      isRepetition: run.isRepetition)
  }

  /// An attempt is over.
  func trace(_ finished: FinishedAttempt, of run: Run) {
    guard let tracing, let sink = tracing.sink, let whole = span(of: run), whole.context.isSampled else {
      return
    }
    let context = tracing.attempt(run.attempt, of: run.walk.keyPath, in: whole.context)
    var span = TraceSpan(
      context, parent: whole.context.span, finished.request?.method ?? "code",
      finished.request == nil ? .internal : .client, began: finished.began, took: finished.took)
    span.add("petrel.step", run.walk.name)
    span.add("http.request.method", finished.request?.method)
    if case .request(let request) = run.stop, let destination = request.destination {
      span.add("url.scheme", destination.scheme.rawValue)
      span.add("server.address", destination.host.description)
      span.add("server.port", Int(destination.port))
    }
    span.add("http.response.status_code", finished.answer?.status)
    if finished.number > 1, finished.request != nil {
      span.add("http.request.resend_count", finished.number - 1)
    }
    switch finished.result {
    case .succeeded: break
    case .refused(let failure), .failed(let failure, _, _):
      span.add("error.type", failure.code)
      span.error = failure.code
    }
    sink.keep(span)
  }

  /// A run of an execution is over, on record.
  func trace(_ status: ExecutionStatus, _ failure: Failure?, of run: Run) {
    guard let sink = tracing?.sink, let whole = span(of: run), whole.context.isSampled else { return }
    let event = run.walk.event
    var span = TraceSpan(
      whole.context, parent: whole.parent, "process \(run.workflow)", .consumer, began: run.walk.startedAt,
      took: max(.zero, wall - run.walk.startedAt))
    span.link = whole.link
    span.add("messaging.system", "petrel")
    span.add("messaging.operation.name", "process")
    span.add("messaging.operation.type", "process")
    span.add("messaging.destination.name", event.record.hook)
    span.add("messaging.message.id", store.tag.id(.event, event.key))
    span.add("petrel.workflow", run.workflow)
    span.add("petrel.execution.id", run.id)
    span.add("petrel.execution.status", status.rawValue)
    span.add("error.type", failure?.code)
    span.error = failure.map { $0.step.isEmpty ? $0.code : "\($0.code) in \($0.step)" }
    sink.keep(span)
  }
}
