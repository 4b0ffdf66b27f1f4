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
      if let hooks { Self.checkHook(node["on"]?["hook"], among: hooks, diagnostics) }
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
    let reader = MappingReader(node, diagnostics)
    let name = Self.resourceName("name", reader, required: true)
    let trigger = Trigger(reader)
    let retry = reader.mapping("retry").map { RetryPolicy($0, over: RetryPolicy()) } ?? RetryPolicy()
    var known = KnownNames.step
    known.hooks = hooks
    var steps = StepListReader(known: known, retry: retry, diagnostics)
    let main = steps.read(reader.list("steps", required: true))
    if main.isEmpty, reader.node("steps")?.elements?.isEmpty == true {
      reader.reject("steps", "must hold at least one step")
    }
    var afterFailure = steps.known.adding("failure")
    afterFailure.approvals = []
    var failureSteps = StepListReader(known: afterFailure, retry: retry, diagnostics)
    let onFailure = failureSteps.read(reader.list("onFailure"))
    let concurrency = reader.mapping("concurrency").map { Concurrency($0) }
    reader.finish(alsoKnown: ["$schema"])
    guard !diagnostics.hasErrors, let name else { return nil }
    self.init(
      name: name, trigger: trigger, retry: retry, concurrency: concurrency, steps: main, onFailure: onFailure)
  }

  fileprivate static func resourceName(_ member: String, _ reader: MappingReader, required: Bool) -> String? {
    guard let name = reader.string(member, required: required) else { return nil }
    guard ResourceName.isValid(name) else {
      reader.reject(member, "must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or a digit")
      return nil
    }
    return name
  }
}

extension Trigger {
  /// Reads `on`.
  fileprivate init(_ workflow: MappingReader) {
    self.init(hook: nil, condition: nil, priority: 0)
    guard let reader = workflow.mapping("on") else { return }
    hook = Workflow.resourceName("hook", reader, required: true)
    condition = reader.expression("if", .trigger, isCondition: true)
    priority = reader.int("priority", in: 0...9) ?? 0
    order = reader.expression("order", .trigger)
    pace = Pace(of: reader)
    reader.finish()
  }
}

extension Concurrency {
  /// Reads `concurrency`.
  fileprivate init(_ reader: MappingReader) {
    self.init(
      key: reader.expression("key", .trigger),
      limit: reader.int("limit", in: 1...Lane.widest, required: true) ?? 1)
    reader.finish()
  }
}

extension RetryPolicy {
  /// Reads `retry`; what it does not say is as in `base`.
  init(_ reader: MappingReader, over base: RetryPolicy) {
    self = base
    let day = Duration.seconds(86_400)
    if let initial = reader.duration("initial", in: .milliseconds(1)...day) { backoff.initial = initial }
    if let factor = reader.double("factor", in: 1...100) { backoff.factor = factor }
    if let longest = reader.duration("max", in: .milliseconds(1)...(day * 30)) { backoff.max = longest }
    if let jitter = reader.choice("jitter", of: Jitter.self) { self.jitter = jitter }
    if let span = reader.duration("for", in: .zero...(day * 365)) { self.span = span }
    if let attempts = reader.int("attempts", in: 1...1_000_000) { self.attempts = attempts }
    if backoff.max < backoff.initial, reader.has("initial") || reader.has("max") {
      reader.reject(reader.has("max") ? "max" : "initial", "leaves max below initial")
    }
    reader.finish()
  }
}

extension MappingReader {
  /// Reports members that the document may have but this version does not run.
  func refuseUnsupported(_ names: [String]) {
    for name in names where has(name) {
      diagnostics.error("\(full(name)) is not supported by this version", at: namePosition(name))
    }
    for name in names { _ = nodeOrNull(name) }
  }
}
