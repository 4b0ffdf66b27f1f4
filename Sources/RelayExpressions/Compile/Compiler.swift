/// Makes a read expression into what is evaluated: functions, macros and their variables are found here,
/// once. A misspelt function or a wrong number of arguments is a problem of the text; it becomes a fault
/// only where the evaluation reaches it.
struct Compiler {
  private(set) var problems: [Fault] = []
  /// The most variables of macros that are in scope at once.
  private(set) var places = 0
  /// The variables in scope, innermost last.
  private var locals: [String] = []

  mutating func code(_ node: Node) -> any Code {
    switch node.kind {
    case .literal(let value): return LiteralCode(value)
    case .name, .member: return path(node)
    case .index(let target, let index, let isOptional):
      let subject = target.path ?? "the value"
      return IndexCode(
        code(target), code(index), isOptional: isOptional, subject: subject, at: node.offset)
    case .call(let name, let target, let arguments): return call(name, target, arguments, node)
    case .list(let elements):
      return ListCode(elements.map { (code($0.node), $0.isOptional) }, at: node.offset)
    case .map(let entries):
      return MapCode(
        entries.map {
          MapCode.Entry(
            key: code($0.key), value: code($0.value), isOptional: $0.isOptional, offset: $0.key.offset)
        }, at: node.offset)
    case .not(let operand): return NotCode(code(operand), at: node.offset)
    case .negate(let operand): return NegateCode(code(operand), at: node.offset)
    case .and(let operands): return ChainCode(operands.map { (code($0), $0.firstOffset) }, on: false)
    case .or(let operands): return ChainCode(operands.map { (code($0), $0.firstOffset) }, on: true)
    case .choice(let a, let b, let c): return ChoiceCode(code(a), code(b), code(c), at: node.offset)
    case .binary(let symbol, let a, let b): return BinaryCode(symbol, code(a), code(b), at: node.offset)
    case .contains(let element, let container):
      return InCode(code(element), code(container), at: node.offset)
    }
  }

  private mutating func path(_ node: Node) -> any Code {
    guard let dotted = node.dotted else {
      guard case .member(let target, let name, let isOptional) = node.kind else { return LiteralCode(.null) }
      return MemberCode(code(target), name, isOptional: isOptional, at: node.offset)
    }
    let local = node.isGlobal ? nil : locals.lastIndex(of: dotted[0].name)
    return PathCode(
      local.map(PathCode.Root.local) ?? .variable(dotted[0].name), names: dotted.map(\.name),
      offsets: dotted.map(\.offset))
  }

  /// Compiles what sees `variables`; gives their places with it.
  mutating func scoped<Result>(
    _ variables: [String], _ body: (inout Compiler, [Int]) -> Result
  ) -> Result {
    let first = locals.count
    locals.append(contentsOf: variables)
    places = max(places, locals.count)
    defer { locals.removeLast(variables.count) }
    return body(&self, Array(first..<locals.count))
  }

  mutating func refuse(_ message: String, _ node: Node) -> any Code {
    let fault = Fault(message, at: node.offset)
    problems.append(fault)
    return FaultCode(fault)
  }

  func isLocal(_ name: String) -> Bool { locals.contains(name) }

  mutating func report(_ message: String, at offset: Int) { problems.append(Fault(message, at: offset)) }
}
