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
      if !locals.contains(path[0]) { found.append(reference(path, node)) }
      return
    }
    switch node.kind {
    case .has(let target, let name):
      if let path = target.names {
        if !locals.contains(path[0]) { found.append(reference(path + [name], node, isPresenceTest: true)) }
      } else {
        collect(target, locals: locals, into: &found)
      }
    case .fold(let fold):
      collect(fold.range, locals: locals, into: &found)
      for inner in [fold.condition, fold.transform].compactMap({ $0 }) {
        collect(inner, locals: locals + [fold.variable], into: &found)
      }
    default:
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
  /// The names of a plain path such as `a.b["c"]`; nil for anything else.
  var names: [String]? {
    switch kind {
    case .name(let name): [name]
    case .member(let target, let name): target.names.map { $0 + [name] }
    case .index(let target, let index):
      if case .literal(.string(let name)) = index.kind { target.names.map { $0 + [name] } } else { nil }
    default: nil
    }
  }

  /// A plain path as written, for messages.
  var path: String? { names.map { $0.joined(separator: ".") } }

  /// Where the path begins, while a member's own offset is that of its name.
  fileprivate var firstOffset: Int {
    switch kind {
    case .member(let target, _), .has(let target, _), .index(let target, _): target.firstOffset
    default: offset
    }
  }
}
