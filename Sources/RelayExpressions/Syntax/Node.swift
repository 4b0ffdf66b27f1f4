/// A node of a read expression. `depth` bounds what walks over it: evaluation recurses no deeper.
struct Node: Sendable {
  indirect enum Kind: Sendable {
    case literal(Value)
    case name(String)
    case member(Node, String)
    /// `has(a.b)`: whether the member is there.
    case has(Node, String)
    case index(Node, Node)
    case call(String, target: Node?, [Node])
    case list([Node])
    case map([(key: Node, value: Node)])
    case not(Node)
    case negate(Node)
    /// All operands of a chain; errors give way to an operand that decides.
    case and([Node])
    case or([Node])
    case choice(Node, Node, Node)
    case binary(Symbol, Node, Node)
    case contains(element: Node, Node)
    case fold(Fold)
  }

  /// A macro over the elements of a list or the keys of a map.
  struct Fold: Sendable {
    enum Macro: String, CaseIterable, Sendable {
      case all, exists
      case existsOne = "exists_one"
      case map, filter
    }

    var macro: Macro
    var range: Node
    var variable: String
    /// The condition; in a `map` with three arguments the filter, absent in one with two.
    var condition: Node?
    /// What `map` makes of an element.
    var transform: Node?
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
    case .member(let node, _), .has(let node, _), .not(let node), .negate(let node): [node]
    case .index(let a, let b), .binary(_, let a, let b), .contains(let a, let b): [a, b]
    case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
    case .list(let nodes), .and(let nodes), .or(let nodes): nodes
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .choice(let a, let b, let c): [a, b, c]
    case .fold(let fold): [fold.range] + [fold.condition, fold.transform].compactMap { $0 }
    }
  }
}
