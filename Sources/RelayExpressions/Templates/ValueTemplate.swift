package import RelayDocuments

/// A JSON value whose strings may hold expressions.
package indirect enum ValueTemplate: Sendable {
  /// Holds no expression.
  case literal(JSON)
  case text(Template)
  case list([ValueTemplate])
  case object([(name: String, value: ValueTemplate)])

  /// Reads the strings of `node`; what is wrong in them is reported at their places. `visit` sees every
  /// template with the node it stands in.
  package init(
    _ node: DocumentNode, _ diagnostics: Diagnostics, visit: (Template, DocumentNode) -> Void = { _, _ in }
  ) {
    switch node.kind {
    case .scalar(.string(let text), _):
      guard let template = Template(node, text, diagnostics), template.literal == nil else {
        self = .literal(.string(text))
        return
      }
      visit(template, node)
      self = .text(template)
    case .scalar(let value, _): self = .literal(value)
    case .sequence(let elements):
      self.init(list: elements.map { ValueTemplate($0, diagnostics, visit: visit) })
    case .mapping(let members):
      for member in members where member.name.contains("{{") {
        diagnostics.error("a name cannot hold an expression", at: member.position)
      }
      self.init(object: members.map { ($0.name, ValueTemplate($0.value, diagnostics, visit: visit)) })
    }
  }

  private init(list elements: [ValueTemplate]) {
    let literals = elements.compactMap(\.literal)
    self = literals.count == elements.count ? .literal(.array(literals)) : .list(elements)
  }

  private init(object members: [(name: String, value: ValueTemplate)]) {
    let literals = members.compactMap { member in member.value.literal.map { (name: member.name, value: $0) }
    }
    self = literals.count == members.count ? .literal(.object(JSONObject(literals))) : .object(members)
  }

  /// The value where there is no expression in it.
  package var literal: JSON? { if case .literal(let value) = self { value } else { nil } }

  /// Every expression in it.
  package var expressions: [Expression] {
    switch self {
    case .literal: []
    case .text(let template): template.expressions
    case .list(let elements): elements.flatMap(\.expressions)
    case .object(let members): members.flatMap(\.value.expressions)
    }
  }

  /// The value with every expression evaluated. A member whose whole value is missing is left out; an
  /// element is null, so that the others keep their places.
  package func value(in scope: some Scope) throws(ExpressionError) -> JSON {
    try valueIfPresent(in: scope) ?? .null
  }

  /// The same, nil where the whole value is one expression and what it asks for is missing.
  package func valueIfPresent(in scope: some Scope) throws(ExpressionError) -> JSON? {
    switch self {
    case .literal(let value): return value
    case .text(let template): return try template.valueIfPresent(in: scope)?.asJSON
    case .list(let elements):
      var values: [JSON] = []
      for element in elements { values.append(try element.value(in: scope)) }
      return .array(values)
    case .object(let members):
      var values: [(name: String, value: JSON)] = []
      for member in members {
        if let value = try member.value.valueIfPresent(in: scope) { values.append((member.name, value)) }
      }
      return .object(JSONObject(values))
    }
  }
}

extension Template {
  /// Reads a string of a document; reports what is wrong at its place, then nil.
  package init?(_ node: DocumentNode, _ text: String, _ diagnostics: Diagnostics) {
    do {
      try self.init(parsing: text)
    } catch {
      diagnostics.error(error.description, at: node.position)
      return nil
    }
    for problem in problems { diagnostics.error(problem.description, at: node.position) }
    if !problems.isEmpty { return nil }
  }
}

extension Expression {
  /// Reads an expression of a document; reports what is wrong at its place, then nil.
  package init?(_ node: DocumentNode, _ text: String, _ diagnostics: Diagnostics) {
    do {
      try self.init(parsing: text)
    } catch {
      diagnostics.error(error.description, at: node.position)
      return nil
    }
    for problem in problems { diagnostics.error(problem.description, at: node.position) }
    if !problems.isEmpty { return nil }
  }
}
