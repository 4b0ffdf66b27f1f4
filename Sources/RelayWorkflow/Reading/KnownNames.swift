internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// The names that an expression at one place of a document may use, as far as they are known before
/// anything runs: a misspelt one is an error of the document, not of an execution at night.
struct KnownNames {
  /// The roots in scope.
  var roots: Set<String>
  /// Ids of the steps that come before.
  var steps: [String]
  /// How many steps the place stands in.
  var depth = 0
  /// Ids of steps in the lists around the place that wait for an approval, before it and after it.
  var approvals: [String] = []
  /// The hooks of the configuration; nil where that is not known.
  var hooks: [String]?

  static let trigger = KnownNames(roots: ["event", "vars"], steps: [])
  /// Of an event that a step waits for: the execution is not there when it is asked.
  static let candidate = KnownNames(roots: ["event"], steps: [])
  static let step = KnownNames(roots: ["event", "vars", "execution", "steps"], steps: [])

  /// These names and one more root.
  func adding(_ root: String) -> KnownNames {
    var names = self
    names.roots.insert(root)
    return names
  }

  /// The same names one step further in.
  var inside: KnownNames {
    var names = self
    names.depth += 1
    return names
  }

  /// Reports every unknown name of `expression`, which stands in `node`, and what cannot be right whatever the
  /// event.
  func check(
    _ expression: Expression, in node: DocumentNode, isCondition: Bool = false, _ diagnostics: Diagnostics
  ) {
    for reference in expression.references {
      guard let complaint = complaint(about: reference) else { continue }
      diagnostics.error("\(complaint) (column \(reference.column) of the expression)", at: node.position)
    }
    for error in expression.foreseen(Self.kinds, isCondition: isCondition) {
      diagnostics.doubt("\(error.message) (column \(error.column) of the expression)", at: node.position)
    }
  }

  /// One of its kind for every name whose values are of one kind.
  private static let kinds: [String: Value] = {
    let (text, map, instant) = (
      Value.string(""), Value.map(ValueMap()), Value.timestamp(Instant(Timestamp.epoch))
    )
    var kinds: [String: Value] = [
      "event": map, "steps": map, "execution": map, "failure": map, "response": map, "vars": map,
      "event.received_at": instant, "event.headers": map, "event.query": map, "event.raw": .bytes([]),
      "execution.started_at": instant, "failure.attempts": .int(1), "response.status": .int(1),
      "response.headers": map,
    ]
    for name in ["event.id", "event.hook", "event.method", "event.path"] { kinds[name] = text }
    for name in ["execution.id", "execution.workflow", "failure.code", "failure.message"] {
      kinds[name] = text
    }
    // Or null, for which everything that is told of their kind holds as well.
    kinds["event.type"] = text
    kinds["failure.step"] = text
    kinds["failure.status"] = .int(1)
    return kinds
  }()

  private func complaint(about reference: Reference) -> String? {
    let root = reference.path[0]
    guard roots.contains(root) else { return "no such name \"\(root)\"" + hint(root, roots.sorted()) }
    guard reference.path.count > 1 else { return nil }
    let member = reference.path[1]
    switch root {
    case "steps":
      guard !steps.contains(member) else { return nil }
      return "no step \"\(member)\" comes before this one" + hint(member, steps)
    case "event": return unknown(member, of: root, EventValue.memberNames)
    case "execution":
      guard member == "approvals", reference.path.count > 2 else {
        return unknown(member, of: root, ExecutionFacts.memberNames)
      }
      let id = reference.path[2]
      guard !approvals.contains(id) else { return nil }
      return "no step \"\(id)\" here waits for an approval" + hint(id, approvals)
    case "failure": return unknown(member, of: root, ["step", "code", "message", "status", "attempts"])
    case "response": return unknown(member, of: root, ["status", "headers", "body"])
    default: return nil
    }
  }

  private func unknown(_ member: String, of root: String, _ known: [String]) -> String? {
    known.contains(member) ? nil : "\(root) has no member \"\(member)\"" + hint(member, known)
  }

  private func hint(_ name: String, _ known: [String]) -> String {
    nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
  }
}

extension MappingReader {
  /// An expression whose names are known.
  ///
  /// - Parameter isCondition: whether it has to be true or false.
  func expression(_ key: Key<ExpressionForm>, _ known: KnownNames, isCondition: Bool = false) -> Expression? {
    guard let written = read(key) else { return nil }
    let node = written.value.node
    guard let expression = Expression(node, written.text, diagnostics) else { return nil }
    known.check(expression, in: node, isCondition: isCondition, diagnostics)
    return expression
  }

  /// A string that may hold expressions.
  func template(_ key: Key<some Form<WrittenText>>, _ known: KnownNames) -> Template? {
    read(key).flatMap { template($0, known) }
  }

  /// A string that may hold expressions.
  func template(_ written: WrittenText, _ known: KnownNames) -> Template? {
    let node = written.value.node
    guard let template = Template(node, written.text, diagnostics) else { return nil }
    for expression in template.expressions { known.check(expression, in: node, diagnostics) }
    return template
  }

  /// A value whose strings may hold expressions.
  func value(_ written: WrittenValue, _ known: KnownNames) -> ValueTemplate {
    ValueTemplate(written.node, diagnostics) { template, node in
      for expression in template.expressions { known.check(expression, in: node, self.diagnostics) }
    }
  }

  /// The members of a mapping, each a value whose strings may hold expressions.
  func values(
    _ key: Key<MembersForm<AnyForm>>, _ known: KnownNames
  ) -> [(name: String, value: ValueTemplate)] {
    (read(key) ?? []).map { (name: $0.name, value: value($0.value, known)) }
  }
}
