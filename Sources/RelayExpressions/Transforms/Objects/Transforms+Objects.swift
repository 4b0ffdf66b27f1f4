internal import RelayDocuments

extension Transforms {
  /// Row 42, its first half: objects.
  static let objects: [Transform] = [
    Transform(42, "pick", "Only the members named.", [.many("names", .text)], pick),
    Transform(42, "omit", "Without the members named.", [.many("names", .text)], omit),
    Transform(
      42, "rename", "Members under new names, where they stand.", [.required("names", .object)], rename),
    Transform(
      42, "merge", "With the members of another object, which win; deep: objects in both are merged too.",
      [.required("with", .object), .optional("deep", .bool, false)], merge),
    Transform(
      42, "flattenKeys", "One level: the names on the way to each value joined.",
      [.optional("sep", .nonEmptyText, ".")], flattenKeys),
    Transform(
      42, "unflatten", "Objects in objects, from names that are joined.",
      [.optional("sep", .nonEmptyText, ".")],
      unflatten),
    Transform(42, "keys", "The names of the members.", keys),
    Transform(42, "values", "The values of the members.", values),
    Transform(42, "entries", "The members, each as {key, value}.", entries),
  ]

  @Sendable private static func pick(_ input: TransformInput) throws(TransformError) -> JSON? {
    let wanted = Set(input.rest(from: 0).compactMap(\.string))
    return .object(JSONObject(try input.object().members.filter { wanted.contains($0.name) }))
  }

  @Sendable private static func omit(_ input: TransformInput) throws(TransformError) -> JSON? {
    let unwanted = Set(input.rest(from: 0).compactMap(\.string))
    return .object(JSONObject(try input.object().members.filter { !unwanted.contains($0.name) }))
  }

  @Sendable private static func rename(_ input: TransformInput) throws(TransformError) -> JSON? {
    let names = input.argument(0)?.object ?? JSONObject()
    var members: [(name: String, value: JSON)] = []
    var seen: Set<String> = []
    for member in try input.object().members {
      let name = names[member.name]?.string ?? member.name
      guard seen.insert(name).inserted else { throw TransformError("two members would have the same name") }
      members.append((name, member.value))
    }
    return .object(JSONObject(members))
  }

  @Sendable private static func merge(_ input: TransformInput) throws(TransformError) -> JSON? {
    let other = input.argument(0)?.object ?? JSONObject()
    return .object(merged(try input.object(), other, isDeep: input.bool(1)))
  }

  private static func merged(_ object: JSONObject, _ other: JSONObject, isDeep: Bool) -> JSONObject {
    var members = object.members
    var places: [String: Int] = [:]
    for (place, member) in members.enumerated() { places[member.name] = place }
    for member in other.members {
      guard let place = places[member.name] else {
        members.append(member)
        continue
      }
      if isDeep, let mine = members[place].value.object, let theirs = member.value.object {
        members[place].value = .object(merged(mine, theirs, isDeep: true))
      } else {
        members[place].value = member.value
      }
    }
    return JSONObject(members)
  }

  @Sendable private static func flattenKeys(_ input: TransformInput) throws(TransformError) -> JSON? {
    var flat: [(name: String, value: JSON)] = []
    var room = BoundedText()
    try flatten(try input.object(), under: "", input.text(0), into: &flat, &room)
    return .object(JSONObject(flat))
  }

  /// Lists stay whole, and so do empty objects. Two ways to one name are an error.
  private static func flatten(
    _ object: JSONObject, under prefix: String, _ separator: String,
    into flat: inout [(name: String, value: JSON)], _ room: inout BoundedText
  ) throws(TransformError) {
    for member in object.members {
      let name = prefix + member.name
      if let inner = member.value.object, !inner.isEmpty {
        try flatten(inner, under: name + separator, separator, into: &flat, &room)
      } else {
        try room.append(name)
        flat.append((name, member.value))
      }
    }
  }

  @Sendable private static func unflatten(_ input: TransformInput) throws(TransformError) -> JSON? {
    let tree = NameTree()
    for member in try input.object().members {
      let names = member.name.split(separator: input.text(0), omittingEmptySubsequences: false).map(
        String.init)
      guard names.count <= 64 else { throw TransformError("nested deeper than 64") }
      guard tree.insert(member.value, at: names[...]) else {
        throw TransformError("a name is both a value and the beginning of another name")
      }
    }
    return tree.json
  }

  @Sendable private static func keys(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(try input.object().members.map { .string($0.name) })
  }

  @Sendable private static func values(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(try input.object().members.map(\.value))
  }

  @Sendable private static func entries(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(try input.object().members.map { ["key": .string($0.name), "value": $0.value] })
  }
}

/// An object under construction, from paths to its values.
final class NameTree {
  private var value: JSON?
  private var children: [(name: String, tree: NameTree)] = []
  private var places: [String: Int] = [:]

  /// False where something else is at that place, or on the way to it.
  func insert(_ value: JSON, at names: ArraySlice<String>) -> Bool {
    guard self.value == nil else { return false }
    guard let name = names.first else {
      guard children.isEmpty else { return false }
      self.value = value
      return true
    }
    if let place = places[name] { return children[place].tree.insert(value, at: names.dropFirst()) }
    let tree = NameTree()
    places[name] = children.count
    children.append((name, tree))
    return tree.insert(value, at: names.dropFirst())
  }

  var json: JSON { value ?? .object(JSONObject(children.map { ($0.name, $0.tree.json) })) }
}
