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
    known.approvals += nodes.filter(WaitReader.asks).compactMap { $0["id"]?.string }
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
    let label = node["id"]?.string.map { "step \($0)" } ?? "the step"
    let reader = MappingReader(node, path: label, diagnostics)
    guard node.members != nil else { return nil }
    let id = identifier(reader)
    let name = reader.string("name")
    let condition = reader.expression("if", known, isCondition: true)
    let policy = reader.mapping("retry").map { RetryPolicy($0, over: retry) } ?? retry
    let timeout = reader.duration("timeout", in: .milliseconds(1) ... .seconds(86_400))
    let continueOnError = reader.bool("continueOnError") ?? false
    let verb = VerbReader(reader, known, retry: policy).read()
    reader.finish()
    if let id { known.steps.append(id) }
    guard let id, let verb else { return nil }
    return Step(
      id: id, name: name ?? id, condition: condition, retry: policy, timeout: timeout ?? Step.defaultTimeout,
      continueOnError: continueOnError, verb: verb, position: node.position)
  }

  private mutating func identifier(_ reader: MappingReader) -> String? {
    guard let id = reader.string("id", required: true) else { return nil }
    let bytes = Array(id.utf8)
    guard (1...64).contains(bytes.count), (97...122).contains(bytes[0]),
      bytes.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") })
    else {
      reader.reject("id", "must be 1 to 64 of a-z, 0-9 and _, beginning with a letter")
      return nil
    }
    if let line = lines.updateValue(reader.position.line, forKey: id) {
      reader.reject("id", "is already that of the step in line \(line)")
    } else if visible.contains(id) {
      reader.reject("id", "is already that of a step before the one around it")
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
