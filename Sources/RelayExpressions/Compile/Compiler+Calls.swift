internal import RelayDocuments

extension Compiler {
  mutating func call(_ name: String, _ target: Node?, _ arguments: [Node], _ node: Node) -> any Code {
    if let macro = MacroCall(node) { return expand(macro, node) }
    if name == "has", target == nil { return has(arguments, node) }
    if let target, let path = target.dotted, path.count == 1, !isLocal(path[0].name) {
      let qualified = "\(path[0].name).\(name)"
      let functions = FunctionTable.named(qualified, isMethod: false)
      if !functions.isEmpty { return call(qualified, functions, arguments, node) }
      if qualified == "cel.bind" { return refuse(Macro.bind.usage, node) }
      if FunctionTable.namespaces.contains(path[0].name) {
        return refuse(unknown(qualified, isMethod: false), node)
      }
    }
    if let target, arguments.count == 1, name == "or" || name == "orValue" {
      return OrElseCode(code(target), code(arguments[0]), unwraps: name == "orValue", at: node.offset)
    }
    let functions = FunctionTable.named(name, isMethod: target != nil)
    let values = (target.map { [$0] } ?? []) + arguments
    let isTaken = functions.contains { $0.arity.contains(values.count) }
    if !isTaken, let transform = FunctionTable.transform(name), let receiver = values.first {
      return call(transform, receiver, Array(values.dropFirst()), node)
    }
    if !functions.isEmpty { return call(name, functions, values, node) }
    // What the arguments have wrong is told, too.
    for argument in values { _ = code(argument) }
    if target != nil, let macro = Macro(rawValue: name) { return refuse(macro.usage, node) }
    return refuse(unknown(name, isMethod: target != nil), node)
  }

  private mutating func call(
    _ name: String, _ functions: [Function], _ arguments: [Node], _ node: Node
  ) -> any Code {
    let codes = arguments.map { code($0) }
    guard let function = functions.first(where: { $0.arity.contains(arguments.count) }) else {
      return refuse(Self.wrongNumber(name, functions, arguments.count, node), node)
    }
    if function.name == "matches", case .literal(.string(let pattern)) = arguments[1].kind {
      return matches(codes[0], pattern, arguments[1], node)
    }
    return CallCode(function, codes, at: node.offset)
  }

  private mutating func call(_ transform: Transform, _ receiver: Node, _ arguments: [Node], _ node: Node)
    -> any Code
  {
    let constants = arguments.compactMap { argument in
      if case .literal(let value) = argument.kind { value.asJSON } else { nil }
    }
    var fixed: TransformCall?
    do throws(TransformError) {
      // Arguments that are known only later are checked for their number here.
      try transform.check(count: arguments.count)
      if constants.count == arguments.count { fixed = try TransformCall(transform, constants) }
    } catch {
      return refuse("\(transform.name): \(error.message)", node)
    }
    return TransformCode(
      transform, code(receiver), arguments.map { code($0) }, fixed: fixed, at: node.offset)
  }

  /// A pattern that is written out is compiled with the expression.
  private mutating func matches(_ subject: any Code, _ text: String, _ argument: Node, _ node: Node)
    -> any Code
  {
    do throws(PatternError) {
      let pattern = try Pattern(text)
      let function = Function("matches", .both, one: Functions.matching(pattern))
      return CallCode(function, [subject], at: node.offset)
    } catch {
      return refuse("matches(): \(error.message)", argument)
    }
  }

  private static func wrongNumber(_ name: String, _ functions: [Function], _ count: Int, _ node: Node)
    -> String
  {
    var isMethod = false
    if case .call(let short, _?, _) = node.kind { isMethod = short == name }
    let hidden = isMethod ? 1 : 0
    let wanted = Set(functions.flatMap { Array($0.arity.lowerBound...min($0.arity.upperBound, 8)) }).sorted()
    let numbers = wanted.map { "\($0 - hidden)" }
    let shown =
      numbers.count < 2
      ? numbers.joined() : "\(numbers.dropLast().joined(separator: ", ")) or \(numbers[numbers.count - 1])"
    return "\(name)() takes \(shown) argument\(shown == "1" ? "" : "s"), not \(count - hidden)"
  }

  private func unknown(_ name: String, isMethod: Bool) -> String {
    let shown = isMethod ? ".\(name)()" : "\(name)()"
    let macros = isMethod ? Macro.allCases.map(\.rawValue) : ["has"]
    let other =
      FunctionTable.named(name, isMethod: !isMethod).isEmpty
      ? "" : isMethod ? "; it is written \(name)(x)" : "; it is written x.\(name)()"
    let hint =
      other.isEmpty
      ? suggestion(name, FunctionTable.names(isMethod: isMethod) + FunctionTable.transformNames + macros)
      : other
    return "no such function \(shown)\(hint)"
  }

  private mutating func has(_ arguments: [Node], _ node: Node) -> any Code {
    guard arguments.count == 1, case .member(let target, let name, _) = arguments[0].kind else {
      return refuse(Macro.has.usage, node)
    }
    return HasCode(code(target), name, at: arguments[0].offset)
  }

  private mutating func expand(_ call: MacroCall, _ node: Node) -> any Code {
    let range = code(call.range)
    return scoped(call.variables) { compiler, places in
      let bodies = call.bodies.map { compiler.code($0) }
      let last = bodies[bodies.count - 1]
      switch call.macro {
      case .bind: return BindCode(range, place: places[0], last, at: node.offset)
      case .optMap, .optFlatMap:
        return OptionalMapCode(call.macro, range, place: places[0], last, at: node.offset)
      case .all, .exists, .existsOne, .existsOneCamel, .filter:
        return FoldCode(call.macro, range, places: places, condition: last, transform: nil, at: node.offset)
      default:
        return FoldCode(
          call.macro, range, places: places, condition: bodies.count > 1 ? bodies[0] : nil, transform: last,
          at: node.offset)
      }
    }
  }
}
