/// The macros: calls whose arguments see variables of their own.
enum Macro: String, CaseIterable, Sendable {
  case has
  case bind
  case all, exists
  case existsOne = "exists_one"
  case existsOneCamel = "existsOne"
  case map, filter
  case transformList, transformMap, transformMapEntry
  case sortBy
  case optMap, optFlatMap

  /// How it is written, for messages.
  var usage: String {
    switch self {
    case .has: "has() takes one path, such as has(event.body.id)"
    case .bind: "cel.bind() takes a name, its value and an expression that uses it"
    case .map: "map() takes a name, a condition where wanted, and an expression over it"
    case .transformList, .transformMap, .transformMapEntry:
      "\(rawValue)() takes two names, a condition where wanted, and an expression over them"
    case .all, .exists, .existsOne, .existsOneCamel:
      "\(rawValue)() takes one name or two, and a condition over them"
    default: "\(rawValue)() takes a name and an expression over it"
    }
  }

  /// How many variables a call with that many arguments has; nil where it takes other numbers.
  fileprivate func variables(of count: Int) -> Int? {
    switch (self, count) {
    case (.has, _): nil
    case (.bind, 3), (.map, 2), (.map, 3): 1
    case (.bind, _), (.map, _): nil
    case (.transformList, 3), (.transformList, 4), (.transformMap, 3), (.transformMap, 4),
      (.transformMapEntry, 3), (.transformMapEntry, 4):
      2
    case (.transformList, _), (.transformMap, _), (.transformMapEntry, _): nil
    case (.all, 3), (.exists, 3), (.existsOne, 3), (.existsOneCamel, 3): 2
    case (_, 2): 1
    default: nil
    }
  }
}

/// A call of a macro, taken apart. `has` is not one of them: it has no variables.
struct MacroCall {
  let macro: Macro
  /// What is walked over or bound: its own variables are not in scope there.
  let range: Node
  let variables: [String]
  /// What sees the variables: a condition, a transformation, or both.
  let bodies: [Node]

  /// Nil for what is not written as a macro's call.
  init?(_ node: Node) {
    guard case .call(let name, let target?, let arguments) = node.kind, let macro = Macro(rawValue: name),
      macro != .has, let count = macro.variables(of: arguments.count)
    else { return nil }
    var variables: [String] = []
    for argument in arguments.prefix(count) {
      guard case .name(let variable, isGlobal: false) = argument.kind else { return nil }
      variables.append(variable)
    }
    if macro == .bind {
      guard target.names == ["cel"] else { return nil }
      self.init(macro: macro, range: arguments[1], variables: variables, bodies: [arguments[2]])
    } else {
      self.init(
        macro: macro, range: target, variables: variables, bodies: Array(arguments.dropFirst(count)))
    }
  }

  private init(macro: Macro, range: Node, variables: [String], bodies: [Node]) {
    self.macro = macro
    self.range = range
    self.variables = variables
    self.bodies = bodies
  }
}
