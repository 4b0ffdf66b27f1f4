extension Foresight {
  mutating func seeCall(_ name: String, _ target: Node?, _ arguments: [Node], _ node: Node) -> Seen? {
    if let macro = MacroCall(node) { return seeMacro(macro) }
    if name == "has", target == nil { return .kind(.bool(true)) }
    if let target, let path = target.dotted, path.count == 1, !isLocal(path[0].name) {
      let qualified = FunctionTable.named("\(path[0].name).\(name)", isMethod: false)
      if !qualified.isEmpty { return seeFunction(qualified, arguments, node) }
    }
    return seeFunction(
      FunctionTable.named(name, isMethod: target != nil), (target.map { [$0] } ?? []) + arguments, node)
  }

  /// Transforms take what they get, and say so when they run: nothing is said of them here.
  private mutating func seeFunction(_ functions: [Function], _ arguments: [Node], _ node: Node) -> Seen? {
    let seen = arguments.map { see($0) }
    let known = seen.compactMap { $0 }
    guard known.count == arguments.count,
      let function = functions.first(where: { $0.arity.contains(known.count) }),
      function.name != "dyn"
    else { return nil }
    let values = known.map(\.example)
    return attempt(known, node.offset, in: function.name) { budget throws(ValueError) in
      switch function.body {
      case .one(let body): try body(values[0], &budget)
      case .two(let body): try body(values[0], values[1], &budget)
      case .many(let body): try body(values, &budget)
      }
    }
  }

  private mutating func seeMacro(_ call: MacroCall) -> Seen? {
    let range = see(call.range)
    let walks = ![.bind, .optMap, .optFlatMap].contains(call.macro)
    if walks, let range, !range.isContainer {
      report(
        "\(call.macro.rawValue)() walks over a list or a map, not \(range.example.typeName)",
        at: call.range.firstOffset)
    }
    within(call.variables) { inner in
      for (position, body) in call.bodies.enumerated() {
        if call.macro.isCondition(position, of: call.bodies.count) {
          inner.wantBool(body, "\(call.macro.rawValue)()")
        } else {
          _ = inner.see(body)
        }
      }
    }
    switch call.macro {
    case .all, .exists, .existsOne, .existsOneCamel: return .kind(.bool(true))
    case .map, .filter, .transformList, .sortBy: return .kind(.list([]))
    case .transformMap, .transformMapEntry: return .kind(.map(ValueMap()))
    case .has, .bind, .optMap, .optFlatMap: return nil
    }
  }
}

extension Macro {
  /// Whether its body at `position` decides.
  fileprivate func isCondition(_ position: Int, of count: Int) -> Bool {
    switch self {
    case .all, .exists, .existsOne, .existsOneCamel, .filter: true
    case .map, .transformList, .transformMap, .transformMapEntry: count > 1 && position == 0
    case .has, .bind, .sortBy, .optMap, .optFlatMap: false
    }
  }
}

extension Expression {
  /// What is wrong whatever the scope holds: kinds that an operator or a function never takes, and operations
  /// on literals that have no result. Sound as far as it goes: what is told would fail, or could not mean
  /// anything, wherever evaluation gets there.
  ///
  /// - Parameters:
  ///   - kinds: an example for each name whose kind is known; `event.id` for a member.
  ///   - isCondition: whether it has to be true or false.
  package func foreseen(_ kinds: [String: Value], isCondition: Bool = false) -> [ExpressionError] {
    var foresight = Foresight(kinds)
    if isCondition { foresight.wantBool(root, "a condition") } else { _ = foresight.see(root) }
    return foresight.faults.map { ExpressionError($0, in: source) }
  }
}
