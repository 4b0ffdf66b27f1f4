extension Evaluator {
  func variable(_ name: String, _ node: Node) throws(ExpressionError) -> Value {
    if let local = locals.last(where: { $0.name == name }) { return local.value }
    if let value = scope.variable(name) { return value }
    let known = scope.variableNames + locals.map(\.name)
    throw failure("no such name \"\(name)\"\(hint(name, known))", node)
  }

  mutating func member(_ name: String, of value: Value, _ target: Node, _ node: Node) throws(ExpressionError)
    -> Value
  {
    try charge(value.lookupCost, node)
    if let member = value.member(name) { return member }
    let subject = target.path ?? "the value"
    guard let names = value.memberNames else {
      throw failure("\(subject) is \(value.typeName) and has no member \"\(name)\"", node)
    }
    throw failure("\(subject) has no member \"\(name)\"\(hint(name, names))", node)
  }

  mutating func has(_ name: String, in value: Value, _ node: Node) throws(ExpressionError) -> Bool {
    guard value.isMap else { throw failure("\(value.typeName) has no members", node) }
    try charge(value.lookupCost, node)
    return value.member(name) != nil
  }

  mutating func element(_ index: Value, of value: Value, _ target: Node, _ node: Node) throws(ExpressionError)
    -> Value
  {
    let subject = target.path ?? "the value"
    if value.isMap {
      if case .string(let name) = index.resolved { return try member(name, of: value, target, node) }
      guard case .map(let map) = value, let key = MapKey(index), let found = map[key] else {
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
    if container.isMap {
      try charge(container.lookupCost, node)
      if case .string(let name) = wanted.resolved { return container.member(name) != nil }
      // The maps of documents and of the event have names for keys only.
      guard case .map(let map) = container, let key = MapKey(wanted) else { return false }
      return map[key] != nil
    }
    guard let elements = container.elements else {
      throw failure("\"in\" wants a list or a map on its right, not \(container.typeName)", node)
    }
    for element in elements {
      try charge(1 + element.equalityCost(wanted), node)
      if element.isEqual(to: wanted) { return true }
    }
    return false
  }
}
