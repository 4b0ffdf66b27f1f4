package import RelayDocuments
internal import RelayExpressions
internal import RelayModel

extension Workflow {
  /// Reads a document: strict JSON, every mistake reported to `diagnostics` at its place, names in
  /// expressions included. Nil when there is one.
  ///
  /// - Parameter hooks: the names that `on.hook` and waits may give; nil takes any.
  package init?(document bytes: [UInt8], hooks: [String]? = nil, _ diagnostics: Diagnostics) {
    do {
      let node = try DocumentNode.parse(json: bytes, file: diagnostics.file, limits: Self.limits)
      PlainSecrets.report(in: node, diagnostics)
      if let hooks {
        let hook = node[WorkflowKeys.trigger.name]?[TriggerKeys.hook.name]
        Self.checkHook(hook, among: hooks, diagnostics)
      }
      self.init(node, hooks, diagnostics)
    } catch {
      diagnostics.error(error.message, at: DocumentPosition(line: error.line, column: error.column))
      return nil
    }
  }

  private static func checkHook(_ node: DocumentNode?, among hooks: [String], _ diagnostics: Diagnostics) {
    guard let node, let hook = node.string, !hooks.contains(hook) else { return }
    let hint = nearest(to: hook, among: hooks).map { "; did you mean \"\($0)\"?" } ?? ""
    diagnostics.error("on.hook: the configuration has no hook \"\(hook)\"\(hint)", at: node.position)
  }

  /// Steps nest `BlockReader.maxDepth` deep, and each takes four levels of JSON.
  private static let limits: DocumentLimits = {
    var limits = DocumentLimits()
    limits.depth = 4 * (BlockReader.maxDepth + 8)
    return limits
  }()

  private init?(_ node: DocumentNode, _ hooks: [String]?, _ diagnostics: Diagnostics) {
    let reader = MappingReader(node, of: WorkflowKeys.shape, diagnostics)
    _ = reader.read(WorkflowKeys.schema)
    let name = reader.read(WorkflowKeys.name)
    let trigger = reader.read(WorkflowKeys.trigger).map { Trigger($0) } ?? Trigger()
    let retry = reader.read(WorkflowKeys.retry).map { RetryPolicy($0, over: RetryPolicy()) } ?? RetryPolicy()
    var known = KnownNames.step
    known.hooks = hooks
    var steps = StepListReader(known: known, retry: retry, diagnostics)
    let main = steps.read(reader.read(WorkflowKeys.steps) ?? [])
    var afterFailure = steps.known.adding("failure")
    afterFailure.approvals = []
    var failureSteps = StepListReader(known: afterFailure, retry: retry, diagnostics)
    let onFailure = failureSteps.read(reader.read(WorkflowKeys.onFailure) ?? [])
    let concurrency = reader.read(WorkflowKeys.concurrency).map { Concurrency($0) }
    reader.finish()
    guard !diagnostics.hasErrors, let name else { return nil }
    self.init(
      name: name, trigger: trigger, retry: retry, concurrency: concurrency, steps: main, onFailure: onFailure)
  }
}

extension Trigger {
  /// Reads `on`.
  fileprivate init(_ reader: MappingReader) {
    self.init()
    hook = reader.read(TriggerKeys.hook)
    condition = reader.expression(TriggerKeys.condition, .trigger, isCondition: true)
    priority = reader.read(TriggerKeys.priority)
    order = reader.expression(TriggerKeys.order, .trigger)
    pace = Pace(of: reader)
    reader.finish()
  }
}

extension Concurrency {
  /// Reads `concurrency`.
  fileprivate init(_ reader: MappingReader) {
    self.init(
      key: reader.expression(ConcurrencyKeys.key, .trigger), limit: reader.read(ConcurrencyKeys.limit) ?? 1)
    reader.finish()
  }
}

extension RetryPolicy {
  /// Reads `retry`; what it does not say is as in `base`.
  init(_ reader: MappingReader, over base: RetryPolicy) {
    self = base
    if let initial = reader.read(RetryKeys.initial) { backoff.initial = initial }
    if let factor = reader.read(RetryKeys.factor) { backoff.factor = factor }
    if let longest = reader.read(RetryKeys.longest) { backoff.max = longest }
    if let jitter = reader.read(RetryKeys.jitter) { self.jitter = jitter }
    if let span = reader.read(RetryKeys.span) { self.span = span }
    if let attempts = reader.read(RetryKeys.attempts) { self.attempts = attempts }
    let hasLongest = reader.has(RetryKeys.longest)
    if backoff.max < backoff.initial, hasLongest || reader.has(RetryKeys.initial) {
      let complaint = "leaves max below initial"
      if hasLongest {
        reader.reject(RetryKeys.longest, complaint)
      } else {
        reader.reject(RetryKeys.initial, complaint)
      }
    }
    reader.finish()
  }
}
