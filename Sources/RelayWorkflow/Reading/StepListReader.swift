internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads a list of steps; each sees the ones before it.
struct StepListReader {
  /// What the next step may use.
  private(set) var known: KnownNames
  private let retry: RetryPolicy
  private let diagnostics: Diagnostics
  /// Ids of steps outside this list that those in it must not hide.
  private let visible: Set<String>
  /// Ids of this list, with their lines.
  private var lines: [String: Int] = [:]

  /// The longest list; journal keys have 16 bits for a step.
  static let maxSteps = 1000

  init(known: KnownNames, retry: RetryPolicy, hiding visible: [String] = [], _ diagnostics: Diagnostics) {
    self.known = known
    self.retry = retry
    self.diagnostics = diagnostics
    self.visible = Set(visible)
  }

  mutating func read(_ nodes: [DocumentNode]) -> [Step] {
    if nodes.count > Self.maxSteps {
      diagnostics.error("more than \(Self.maxSteps) steps", at: nodes[Self.maxSteps].position)
    }
    known.approvals += nodes.filter(WaitReader.asks).compactMap { $0[StepKeys.id.name]?.string }
    var end: Step?
    return nodes.prefix(Self.maxSteps).compactMap { node in
      if let last = end {
        diagnostics.doubt(
          "is never reached: step \(last.id) ends the execution before; give that an if, or remove what follows",
          at: node.position)
        end = nil
      }
      let step = step(node)
      if let step, step.endsAlways { end = step }
      return step
    }
  }

  private mutating func step(_ node: DocumentNode) -> Step? {
    let label = node[StepKeys.id.name]?.string.map { "step \($0)" } ?? "the step"
    guard let reader = StepKeys.shape.read(WrittenValue(node, path: label, diagnostics)) else { return nil }
    let id = identifier(reader)
    let name = reader.read(StepKeys.name)
    let condition = reader.expression(StepKeys.condition, known, isCondition: true)
    let policy = reader.read(StepKeys.retry).map { RetryPolicy($0, over: retry) } ?? retry
    let timeout = reader.read(StepKeys.timeout)
    let continueOnError = reader.read(StepKeys.continueOnError)
    let verb = VerbReader(reader, known, retry: policy).read()
    reader.finish()
    if let id { known.steps.append(id) }
    guard let id, let verb else { return nil }
    return Step(
      id: id, name: name ?? id, condition: condition, retry: policy, timeout: timeout,
      continueOnError: continueOnError, verb: verb, position: node.position)
  }

  private mutating func identifier(_ reader: MappingReader) -> String? {
    guard let id = reader.read(StepKeys.id) else { return nil }
    if let line = lines.updateValue(reader.position.line, forKey: id) {
      reader.reject(StepKeys.id, "is already that of the step in line \(line)")
    } else if visible.contains(id) {
      reader.reject(StepKeys.id, "is already that of a step before the one around it")
    }
    return id
  }
}

extension Step {
  /// Whether no step after it in its list is ever reached.
  fileprivate var endsAlways: Bool {
    switch verb {
    case .stop, .fail: condition == nil
    default: false
    }
  }
}
