/// A path of names that an expression reads, as far as it is written out: `steps.notify.body[0].id`
/// reads `steps`, `notify`, `body`.
package struct Reference: Hashable, Sendable {
  package let path: [String]
  /// Where in the expression's source each name stands: columns from 1.
  package let column: Int
  /// Whether the expression only asks if the last name is there.
  package let isPresenceTest: Bool
}

extension Expression {
  /// Every path that the expression reads, without the variables of its macros.
  package var references: [Reference] {
    var found: [Reference] = []
    collect(root, locals: [], into: &found)
    return found
  }

  private func collect(_ node: Node, locals: [String], into found: inout [Reference]) {
    if let path = node.names {
      if !locals.contains(path[0]), !Value.typeNames.contains(path.joined(separator: ".")) {
        found.append(reference(path, node))
      }
      return
    }
    if case .call("has", target: nil, let arguments) = node.kind, arguments.count == 1,
      case .member(let target, let name, _) = arguments[0].kind, let path = target.names
    {
      if !locals.contains(path[0]) {
        found.append(reference(path + [name], arguments[0], isPresenceTest: true))
      }
    } else if let call = MacroCall(node) {
      collect(call.range, locals: locals, into: &found)
      for body in call.bodies { collect(body, locals: locals + call.variables, into: &found) }
    } else if let target = node.namespace {
      // `math.abs(x)` reads no variable `math`.
      for child in node.children.dropFirst(target) { collect(child, locals: locals, into: &found) }
    } else {
      for child in node.children { collect(child, locals: locals, into: &found) }
    }
  }

  private func reference(_ path: [String], _ node: Node, isPresenceTest: Bool = false) -> Reference {
    let offset = node.firstOffset
    let column = source.utf8.prefix(offset).count { $0 & 0xC0 != 0x80 } + 1
    return Reference(path: path, column: column, isPresenceTest: isPresenceTest)
  }
}

extension Node {
  /// How many children are but the namespace of a function: one or none; nil for what is no such call.
  fileprivate var namespace: Int? {
    guard case .call(let name, let target?, _) = kind, let path = target.path else { return nil }
    return FunctionTable.named("\(path).\(name)", isMethod: false).isEmpty ? nil : 1
  }
}
