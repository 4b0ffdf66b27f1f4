extension Evaluator {
  func variable(_ name: String, _ node: Node) throws(ExpressionError) -> Value {
    if let local = locals.last(where: { $0.name == name }) { return local.value }
    if let value = scope.variable(name) { return value }
    let known = scope.variableNames + locals.map(\.name)
    throw failure("no such name \"\(name)\"\(hint(name, known))", node)
  }

  func member(_ name: String, of value: Value, _ target: Node, _ node: Node) throws(ExpressionError) -> Value
  {
    if let member = value.member(name) { return member }
    let subject = target.path ?? "the value"
    guard let names = value.memberNames else {
      throw failure("\(subject) is \(value.typeName) and has no member \"\(name)\"", node)
    }
    throw failure("\(subject) has no member \"\(name)\"\(hint(name, names))", node)
  }

  func has(_ name: String, in value: Value, _ node: Node) throws(ExpressionError) -> Bool {
    guard value.memberNames != nil else { throw failure("\(value.typeName) has no members", node) }
    return value.member(name) != nil
  }

  func element(_ index: Value, of value: Value, _ target: Node, _ node: Node) throws(ExpressionError)
    -> Value
  {
    let subject = target.path ?? "the value"
    if value.memberNames != nil {
      if case .string(let name) = index.resolved { return try member(name, of: value, target, node) }
      guard case .map(let map) = value.resolved, let key = MapKey(index), let found = map[key] else {
        throw failure("\(subject) has no such key", node)
      }
      return found
    }
    guard let count = value.listCount else {
      throw failure("\(subject) is \(value.typeName) and has no elements", node)
    }
    guard case .int(let place)? = MapKey(index) else {
      throw failure("an index must be a whole number, not \(index.typeName)", node)
    }
    guard let found = value.element(at: place) else {
      throw failure("\(subject) has \(count) elements, so none at \(place)", node)
    }
    return found
  }

  mutating func contains(_ wanted: Value, _ container: Value, _ node: Node) throws(ExpressionError) -> Bool {
    if container.memberNames != nil {
      if case .string(let name) = wanted.resolved { return container.member(name) != nil }
      guard case .map(let map) = container.resolved, let key = MapKey(wanted) else { return false }
      return map[key] != nil
    }
    guard let elements = container.elements else {
      throw failure("\"in\" wants a list or a map on its right, not \(container.typeName)", node)
    }
    try charge(container.weight + elements.count * wanted.weight, node)
    return elements.contains { $0.isEqual(to: wanted) }
  }
}
