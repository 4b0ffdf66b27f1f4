extension Evaluator {
  mutating func call(_ name: String, _ target: Node?, _ arguments: [Node], _ node: Node)
    throws(ExpressionError) -> Value
  {
    guard let function = Functions.named(name, isMethod: target != nil) else {
      let shown = target == nil ? "\(name)()" : ".\(name)()"
      throw failure("no such function \(shown)\(hint(name, Functions.names))", node)
    }
    let values = try values(of: (target.map { [$0] } ?? []) + arguments)
    try charge(values.reduce(0) { $0 + $1.weight }, node)
    do throws(ValueError) {
      return try function(values)
    } catch {
      throw failure("\(name)(): \(error.message)", node)
    }
  }

  /// A macro over the elements of a list or the keys of a map.
  mutating func fold(_ fold: Node.Fold, _ node: Node) throws(ExpressionError) -> Value {
    let range = try value(of: fold.range)
    guard let items = range.elements ?? range.keys else {
      throw failure("\(fold.macro.rawValue)() wants a list or a map, not \(range.typeName)", node)
    }
    try charge(items.count / 16, node)
    switch fold.macro {
    case .all: return .bool(try decide(fold, items, on: false))
    case .exists: return .bool(try decide(fold, items, on: true))
    case .existsOne: return .bool(try chosen(fold, items).count == 1)
    case .filter: return .list(try chosen(fold, items))
    case .map:
      var results: [Value] = []
      for item in try chosen(fold, items) {
        guard let transform = fold.transform else { continue }
        results.append(
          try with(fold.variable, item) { e throws(ExpressionError) in try e.value(of: transform) })
      }
      return .list(results)
    }
  }

  /// The items for which the condition holds; all where there is none.
  private mutating func chosen(_ fold: Node.Fold, _ items: [Value]) throws(ExpressionError) -> [Value] {
    guard let condition = fold.condition else { return items }
    var chosen: [Value] = []
    for item in items where try holds(condition, fold, item) { chosen.append(item) }
    return chosen
  }

  /// Whether one item decides; it wins over errors in others.
  private mutating func decide(_ fold: Node.Fold, _ items: [Value], on deciding: Bool)
    throws(ExpressionError) -> Bool
  {
    guard let condition = fold.condition else { return !deciding }
    var problem: ExpressionError?
    for item in items {
      do {
        if try holds(condition, fold, item) == deciding { return deciding }
      } catch {
        if isSpent { throw error }
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    return !deciding
  }

  private mutating func holds(_ condition: Node, _ fold: Node.Fold, _ item: Value)
    throws(ExpressionError) -> Bool
  {
    try with(fold.variable, item) { evaluator throws(ExpressionError) in
      try evaluator.condition(condition, fold.macro.rawValue)
    }
  }

  private mutating func with<Result>(
    _ name: String, _ value: Value, _ body: (inout Self) throws(ExpressionError) -> Result
  ) throws(ExpressionError) -> Result {
    locals.append((name, value))
    defer { locals.removeLast() }
    return try body(&self)
  }
}
