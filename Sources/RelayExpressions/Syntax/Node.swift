/// A node of a read expression. `depth` bounds what walks over it: evaluation recurses no deeper.
struct Node: Sendable {
  indirect enum Kind: Sendable {
    case literal(Value)
    /// A leading dot, as in `.name`, looks past the variables of macros.
    case name(String, isGlobal: Bool)
    /// `isOptional` of `a.?b`.
    case member(Node, String, isOptional: Bool)
    case index(Node, Node, isOptional: Bool)
    /// Macros are calls, too.
    case call(String, target: Node?, [Node])
    case list([Element])
    case map([Entry])
    case not(Node)
    case negate(Node)
    /// All operands of a chain.
    case and([Node])
    case or([Node])
    case choice(Node, Node, Node)
    case binary(Symbol, Node, Node)
    case contains(element: Node, Node)
  }

  struct Element: Sendable {
    let node: Node
    let isOptional: Bool
  }

  struct Entry: Sendable {
    let key: Node
    let value: Node
    let isOptional: Bool
  }

  let kind: Kind
  /// Bytes of the source before it.
  let offset: Int
  let depth: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
    self.depth = 1 + (Self.children(of: kind).map(\.depth).max() ?? 0)
  }

  var children: [Node] { Self.children(of: kind) }

  private static func children(of kind: Kind) -> [Node] {
    switch kind {
    case .literal, .name: []
    case .member(let node, _, _), .not(let node), .negate(let node): [node]
    case .index(let a, let b, _), .binary(_, let a, let b), .contains(let a, let b): [a, b]
    case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
    case .list(let elements): elements.map(\.node)
    case .and(let nodes), .or(let nodes): nodes
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .choice(let a, let b, let c): [a, b, c]
    }
  }
}

extension Node {
  /// The names of a plain path such as `a.b["c"]`; nil for anything else.
  var names: [String]? {
    switch kind {
    case .name(let name, _): [name]
    case .member(let target, let name, isOptional: _): target.names.map { $0 + [name] }
    case .index(let target, let index, isOptional: _):
      if case .literal(.string(let name)) = index.kind { target.names.map { $0 + [name] } } else { nil }
    default: nil
    }
  }

  /// The names of `a.b.c`, with the place of each; nil for anything else.
  var dotted: [(name: String, offset: Int)]? {
    switch kind {
    case .name(let name, _): [(name, offset)]
    case .member(let target, let name, isOptional: false): target.dotted.map { $0 + [(name, offset)] }
    default: nil
    }
  }

  /// Whether the path begins with a dot.
  var isGlobal: Bool {
    switch kind {
    case .name(_, let isGlobal): isGlobal
    case .member(let target, _, _): target.isGlobal
    default: false
    }
  }

  /// A plain path as written, for messages.
  var path: String? { names.map { $0.joined(separator: ".") } }

  /// Where the path begins, while a member's own offset is that of its name.
  var firstOffset: Int {
    switch kind {
    case .member(let target, _, _), .index(let target, _, _), .call(_, let target?, _): target.firstOffset
    default: offset
    }
  }
}
