internal import RelayModel

/// One evaluation: walks the read expression and counts what that costs.
struct Evaluator<Names: Scope> {
  let scope: Names
  private let source: String
  /// The variables of the macros around the node, innermost last.
  var locals: [(name: String, value: Value)] = []
  private var budget = Budget()

  init(_ scope: Names, _ source: String) {
    self.scope = scope
    self.source = source
  }

  mutating func value(of node: Node) throws(ExpressionError) -> Value {
    try charge(1, node)
    switch node.kind {
    case .literal(let value): return value
    case .name(let name): return try variable(name, node)
    case .member(let target, let name):
      return try member(name, of: try value(of: target), target, node)
    case .has(let target, let name): return .bool(try has(name, in: try value(of: target), node))
    case .index(let target, let index):
      let container = try value(of: target)
      return try element(try value(of: index), of: container, target, node)
    case .call(let name, let target, let arguments): return try call(name, target, arguments, node)
    case .list(let nodes): return .list(try values(of: nodes))
    case .map(let entries): return try map(entries)
    case .not(let operand): return .bool(!(try condition(operand, "!")))
    case .negate(let operand):
      let value = try value(of: operand)
      return try computed(node) { () throws(ValueError) in try Operators.negate(value) }
    case .and(let operands): return .bool(try decide(operands, on: false, "&&"))
    case .or(let operands): return .bool(try decide(operands, on: true, "||"))
    case .choice(let condition, let first, let second):
      return try value(of: try self.condition(condition, "? :") ? first : second)
    case .binary(let symbol, let left, let right): return try binary(symbol, left, right, node)
    case .contains(let element, let container):
      let wanted = try value(of: element)
      return .bool(try contains(wanted, try value(of: container), node))
    case .fold(let fold): return try self.fold(fold, node)
    }
  }

  mutating func values(of nodes: [Node]) throws(ExpressionError) -> [Value] {
    var values: [Value] = []
    for node in nodes { values.append(try value(of: node)) }
    return values
  }

  /// The value of a node that must be true or false.
  mutating func condition(_ node: Node, _ operation: String) throws(ExpressionError) -> Bool {
    let value = try value(of: node)
    guard case .bool(let answer) = value.resolved else {
      throw failure("\"\(operation)\" wants true or false, not \(value.typeName)", node)
    }
    return answer
  }

  private mutating func map(_ entries: [(key: Node, value: Node)]) throws(ExpressionError) -> Value {
    var map = ValueMap()
    for entry in entries {
      let key = try value(of: entry.key)
      guard let mapKey = MapKey(key) else {
        throw failure("a key must be a string, a bool or a whole number, not \(key.typeName)", entry.key)
      }
      guard map[mapKey] == nil else { throw failure("a key appears twice", entry.key) }
      map[mapKey] = try value(of: entry.value)
    }
    return .map(map)
  }

  /// A chain of `&&` or `||`: an operand that decides wins over errors on either side of it.
  private mutating func decide(_ operands: [Node], on deciding: Bool, _ operation: String)
    throws(ExpressionError) -> Bool
  {
    var problem: ExpressionError?
    for operand in operands {
      do {
        if try condition(operand, operation) == deciding { return deciding }
      } catch {
        if budget.isSpent { throw error }
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    return !deciding
  }

  private mutating func binary(_ symbol: Symbol, _ left: Node, _ right: Node, _ node: Node)
    throws(ExpressionError) -> Value
  {
    let a = try value(of: left)
    let b = try value(of: right)
    let isEquality = symbol == .equal || symbol == .unequal
    try charge(isEquality ? a.equalityCost(b) : a.weight + b.weight, node)
    return try computed(node) { () throws(ValueError) in try Operators.apply(symbol, a, b) }
  }

  // Costs and errors

  mutating func charge(_ cost: Int, _ node: Node) throws(ExpressionError) {
    guard budget.take(cost) else {
      throw failure("too costly: more than \(Budget.limit) operations", node)
    }
  }

  /// Whether the budget is gone: then no error may be passed over.
  var isSpent: Bool { budget.isSpent }

  func computed(_ node: Node, _ body: () throws(ValueError) -> Value) throws(ExpressionError) -> Value {
    do throws(ValueError) {
      return try body()
    } catch {
      throw failure(error.message, node)
    }
  }

  func failure(_ message: String, _ node: Node) -> ExpressionError {
    ExpressionError(message, in: source, at: node.offset)
  }

  func hint(_ name: String, _ known: [String]) -> String {
    nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
  }
}
