internal import RelayDocuments

/// Where a mapping puts a value: `fields.Email`, `items[0].name`, `fields["Phone number"]`.
package struct TargetPath: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case name(String)
    case index(Int)
  }

  /// As written.
  package let text: String
  let parts: [Part]

  static let maxDepth = 32
  /// Of a list.
  static let maxElements = 1000

  /// Nil for what is no such path: it begins with a name, is at most 32 long, and counts elements below 1000.
  package init?(_ text: String) {
    guard let path = JSONPath(text), !text.contains("[]"), (1...Self.maxDepth).contains(path.parts.count)
    else {
      return nil
    }
    self.text = text
    parts = path.parts.map { part in
      part.name.map { .name(String(decoding: $0, as: UTF8.self)) } ?? .index(part.index ?? 0)
    }
    guard case .name? = parts.first else { return nil }
    guard parts.allSatisfy({ if case .index(let index) = $0 { index < Self.maxElements } else { true } })
    else {
      return nil
    }
  }
}

/// Values by the places where they go. Serves to find what contradicts itself when a document is read,
/// and to build the object when the step runs.
final class TargetTree<Element> {
  private enum Content {
    case nothing
    case leaf(Element)
    case members([(name: String, tree: TargetTree)])
    case elements([Int: TargetTree])
  }

  private var content = Content.nothing
  /// The first that was set at or below this place.
  private(set) var first: Element?
  private var places: [String: Int] = [:]

  /// Sets a place; does nothing and returns who stands in the way where there is someone.
  @discardableResult
  func set(_ element: Element, at path: TargetPath) -> Element? { set(element, path.parts[...]) }

  private func set(_ element: Element, _ parts: ArraySlice<TargetPath.Part>) -> Element? {
    guard let part = parts.first else {
      guard case .nothing = content else { return first }
      content = .leaf(element)
      first = element
      return nil
    }
    guard let child = child(at: part) else { return first }
    if let obstacle = child.set(element, parts.dropFirst()) { return obstacle }
    if first == nil { first = element }
    return nil
  }

  /// The tree at a part, made where there is none; nil where this is not of the part's kind.
  private func child(at part: TargetPath.Part) -> TargetTree? {
    switch (part, content) {
    case (.name(let name), .members(let members)):
      if let place = places[name] { return members[place].tree }
      return add(name, to: members)
    case (.name(let name), .nothing): return add(name, to: [])
    case (.index(let index), .elements(let elements)): return elements[index] ?? add(index, to: elements)
    case (.index(let index), .nothing): return add(index, to: [:])
    case (.name, .leaf), (.name, .elements), (.index, .leaf), (.index, .members): return nil
    }
  }

  private func add(_ name: String, to members: [(name: String, tree: TargetTree)]) -> TargetTree {
    let tree = TargetTree()
    places[name] = members.count
    content = .members(members + [(name, tree)])
    return tree
  }

  private func add(_ index: Int, to elements: [Int: TargetTree]) -> TargetTree {
    let tree = TargetTree()
    content = .elements(elements.merging([index: tree]) { $1 })
    return tree
  }

  /// The first element of a list that is set though one before it is not, and the index of that one.
  var gap: (element: Element, missing: Int)? {
    switch content {
    case .nothing, .leaf: return nil
    case .members(let members): return members.lazy.compactMap(\.tree.gap).first
    case .elements(let elements):
      for (place, index) in elements.keys.sorted().enumerated() where place != index {
        if let element = elements[index]?.first { return (element, place) }
      }
      return elements.values.lazy.compactMap(\.gap).first
    }
  }
}

extension TargetTree where Element == JSON {
  /// What was set; an element of a list that has no value is null.
  var object: JSON {
    switch content {
    case .nothing: .object(JSONObject())
    case .leaf(let value): value
    case .members(let members): .object(JSONObject(members.map { ($0.name, $0.tree.object) }))
    case .elements(let elements):
      .array((0...(elements.keys.max() ?? 0)).map { elements[$0]?.object ?? .null })
    }
  }
}
