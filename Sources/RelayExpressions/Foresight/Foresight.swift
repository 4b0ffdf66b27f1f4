/// What can be known of an expression before anything runs: that it adds a number to a string, or asks a string
/// for a member, whatever the event.
///
/// There is no second table of types: operators and functions are asked themselves, with an example of each kind
/// that is known. Where one operand may be of any kind, nothing is said.
struct Foresight {
  /// What is known of a value.
  struct Seen {
    /// One of its kind, or the value itself.
    let example: Value
    /// Whether it is the value itself, because nothing but literals went into it.
    let isExact: Bool

    static func kind(_ example: Value) -> Seen { Seen(example: example, isExact: false) }

    var isBool: Bool { if case .bool = example { true } else { false } }

    /// Whether it holds others, of kinds that the example does not tell.
    var isContainer: Bool { ["list", "map", "optional"].contains(example.typeName) }
  }

  /// Kinds by name: `event` may be a map, `event.id` a string.
  private let kinds: [String: Value]
  private(set) var faults: [Fault] = []
  private var locals: [String] = []
  /// For everything that is tried: a document holds many expressions, and all are looked at when it is loaded.
  var budget = Budget(10_000)

  init(_ kinds: [String: Value]) { self.kinds = kinds }

  /// Nil where the value may be of any kind.
  mutating func see(_ node: Node) -> Seen? {
    switch node.kind {
    case .literal(let value): return Seen(example: value, isExact: true)
    case .name, .member: return seePath(node)
    case .index(let target, let index, let isOptional): return seeIndex(target, index, isOptional, node)
    case .call(let name, let target, let arguments): return seeCall(name, target, arguments, node)
    case .list(let elements):
      let seen = elements.map { see($0.node) }
      return list(seen, isFixed: !elements.contains(where: \.isOptional))
    case .map(let entries):
      for entry in entries {
        _ = see(entry.key)
        _ = see(entry.value)
      }
      return .kind(.map(ValueMap()))
    case .not(let operand):
      wantBool(operand, "\"!\"")
      return .kind(.bool(true))
    case .negate(let operand):
      guard let seen = see(operand) else { return nil }
      return attempt([seen], node.offset) { _ throws(ValueError) in try Operators.negate(seen.example) }
    case .and(let operands): return seeChain(operands, "\"&&\"")
    case .or(let operands): return seeChain(operands, "\"||\"")
    case .choice(let condition, let a, let b): return seeChoice(condition, a, b)
    case .binary(let symbol, let a, let b): return seeBinary(symbol, a, b, node)
    case .contains(let element, let container):
      _ = see(element)
      if let seen = see(container), !seen.isContainer {
        report("\"in\" wants a list or a map, not \(seen.example.typeName)", at: node.offset)
      }
      return .kind(.bool(true))
    }
  }

  // MARK: Paths

  private mutating func seePath(_ node: Node) -> Seen? {
    guard let dotted = node.dotted else {
      guard case .member(let target, let name, let isOptional) = node.kind else { return nil }
      guard let seen = see(target), !isOptional else { return nil }
      if !seen.isContainer { refuseMember(name, seen.example, node.offset) }
      return nil
    }
    guard node.isGlobal || !locals.contains(dotted[0].name) else { return nil }
    var path = ""
    for (position, step) in dotted.enumerated() {
      path += position == 0 ? step.name : ".\(step.name)"
      guard let kind = kinds[path] else { continue }
      if position == dotted.count - 1 { return .kind(kind) }
      guard Seen.kind(kind).isContainer else {
        refuseMember(dotted[position + 1].name, kind, dotted[position + 1].offset)
        return nil
      }
    }
    return nil
  }

  private mutating func refuseMember(_ name: String, _ value: Value, _ offset: Int) {
    report("a \(value.typeName) has no member \"\(name)\"", at: offset)
  }

  private mutating func seeIndex(_ target: Node, _ index: Node, _ isOptional: Bool, _ node: Node) -> Seen? {
    _ = see(index)
    guard let seen = see(target), !isOptional, !seen.isContainer else { return nil }
    report("a \(seen.example.typeName) has no elements", at: node.offset)
    return nil
  }

  private mutating func list(_ seen: [Seen?], isFixed: Bool) -> Seen {
    let exact = seen.compactMap { $0?.isExact == true ? $0?.example : nil }
    guard isFixed, exact.count == seen.count else { return .kind(.list([])) }
    return Seen(example: .list(exact), isExact: true)
  }

  // MARK: Logic

  /// What stands at `node` must be true or false.
  mutating func wantBool(_ node: Node, _ who: String) {
    guard let seen = see(node), !seen.isBool else { return }
    report("\(who) wants true or false, not \(seen.example.typeName)", at: node.firstOffset)
  }

  private mutating func seeChain(_ operands: [Node], _ name: String) -> Seen {
    for operand in operands { wantBool(operand, name) }
    return .kind(.bool(true))
  }

  private mutating func seeChoice(_ condition: Node, _ a: Node, _ b: Node) -> Seen? {
    wantBool(condition, "\"?\"")
    let (first, second) = (see(a), see(b))
    guard let first, let second, first.example.typeName == second.example.typeName else { return nil }
    return .kind(first.example)
  }

  private mutating func seeBinary(_ symbol: Symbol, _ a: Node, _ b: Node, _ node: Node) -> Seen? {
    let (first, second) = (see(a), see(b))
    if symbol == .equal || symbol == .unequal {
      if let first, let second, !first.example.isComparable(with: second.example) {
        let names = "\(first.example.typeName) and \(second.example.typeName)"
        report("\"\(symbol.rawValue)\" of \(names) is always \(symbol == .unequal)", at: node.offset)
      }
      return .kind(.bool(true))
    }
    guard let first, let second else { return nil }
    return attempt([first, second], node.offset) { _ throws(ValueError) in
      try Operators.apply(symbol, first.example, second.example)
    }
  }

  // MARK: Both files

  /// What an operation comes to. One that refuses kinds refuses them always; so does one that refuses the very
  /// values, which are all literals.
  mutating func attempt(
    _ seen: [Seen], _ offset: Int, in function: String? = nil,
    _ operation: (inout Budget) throws(ValueError) -> Value
  ) -> Seen? {
    let isExact = seen.allSatisfy(\.isExact)
    do throws(ValueError) {
      return Seen(example: try operation(&budget), isExact: isExact)
    } catch {
      let isTelling = error.kind == .mismatch && !(seen.contains { $0.isContainer && !$0.isExact })
      if isTelling || isExact && error.kind != .spent {
        faults.append(Fault(error, at: offset, in: function))
      }
      return nil
    }
  }

  mutating func report(_ message: String, at offset: Int) { faults.append(Fault(message, at: offset)) }

  mutating func within(_ variables: [String], _ body: (inout Foresight) -> Void) {
    locals += variables
    defer { locals.removeLast(variables.count) }
    body(&self)
  }

  func isLocal(_ name: String) -> Bool { locals.contains(name) }
}

extension Value {
  /// Whether it can equal a value of the other's kind.
  fileprivate func isComparable(with other: Value) -> Bool {
    let numbers: Set = ["int", "uint", "double"]
    let names = [typeName, other.typeName]
    return names[0] == names[1] || names.contains("null") || names.contains("optional")
      || numbers.isSuperset(of: names)
  }
}
