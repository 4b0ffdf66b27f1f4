internal import RelayDocuments

extension Transforms {
  /// Rows 40 and 41: lists.
  static let lists: [Transform] = [
    Transform(
      40, "pluck", "What each element has at a path; null where it has nothing.", [.required("path", .path)],
      pluck),
    Transform(
      40, "map", "Each element put through transforms; null where one has no result.",
      [.many("transforms", .transform)], isFunction: false, map),
    Transform(
      40, "filter", "The elements for which a condition over value is true.", [.required("cond", .condition)],
      isFunction: false, filter),
    Transform(41, "first", "The first element; missing where there is none.", first),
    Transform(41, "last", "The last element; missing where there is none.", last),
    Transform(
      41, "at", "The element at a place, from the end where it is negative; missing where there is none.",
      [.required("i", place)], at),
    Transform(
      41, "slice", "The elements, or clusters of a text, from a place up to another one.",
      [.required("start", place), .optional("end", place)], slice),
    Transform(
      41, "unique", "Each value once, where it came first.", [.optional("by", .path)], unique),
    Transform(
      41, "sort", "In order, numbers before strings; equals stay as they were.",
      [.optional("by", .path), .optional("dir", .choice(["asc", "desc"]), "asc")], sort),
    Transform(41, "reverse", "The last element first.", reverse),
    Transform(
      41, "flatten", "Lists in the list replaced by their elements.",
      [.optional("depth", .integer(1...64), 1)],
      flatten),
    Transform(41, "compact", "Without null and empty texts.", compact),
    Transform(
      41, "length", "How many elements, members or clusters; 0 for missing and null.",
      [.optional("unit", .choice(LengthUnit.allCases.map(\.rawValue)), "grapheme")], seesMissing: true, length
    ),
    Transform(41, "sum", "The sum of numbers; 0 of none.", sum),
    Transform(41, "min", "The smallest number, or the first of texts; missing where there is none.", least),
    Transform(41, "max", "The largest number, or the last of texts; missing where there is none.", most),
    Transform(
      41, "groupBy", "Lists of elements by what they have at a path.", [.required("path", .path)], groupBy),
    Transform(
      41, "keyBy", "The elements by what they have at a path; of equals the last.",
      [.required("path", .path)],
      keyBy),
    Transform(
      41, "chunk", "Lists of n elements each; the last has the rest.",
      [.required("n", .integer(1...1_000_000))],
      chunk),
  ]

  private static var place: TransformParameterKind { .integer(-1_000_000...1_000_000) }

  @Sendable private static func pluck(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let path = input.path(0) else { return nil }
    return .array(try input.list().map { $0.value(at: path) ?? .null })
  }

  @Sendable private static func map(_ input: TransformInput) throws(TransformError) -> JSON? {
    var results: [JSON] = []
    for (index, element) in try input.list().enumerated() {
      var value: JSON? = element
      for call in input.calls {
        do {
          value = try call.apply(to: value, input.surroundings)
        } catch {
          throw TransformError("element \(index): \(error.message)")
        }
      }
      results.append(value ?? .null)
    }
    return .array(results)
  }

  @Sendable private static func filter(_ input: TransformInput) throws(TransformError) -> JSON? {
    var kept: [JSON] = []
    for (index, element) in try input.list().enumerated() {
      do {
        if try Condition.isTrue(input.condition(0), for: element) { kept.append(element) }
      } catch {
        throw TransformError("element \(index): \(error.message)")
      }
    }
    return .array(kept)
  }

  @Sendable private static func first(_ input: TransformInput) throws(TransformError) -> JSON? {
    try input.list().first
  }

  @Sendable private static func last(_ input: TransformInput) throws(TransformError) -> JSON? {
    try input.list().last
  }

  @Sendable private static func at(_ input: TransformInput) throws(TransformError) -> JSON? {
    let list = try input.list()
    let index = input.int(0) < 0 ? list.count + input.int(0) : input.int(0)
    return list.indices.contains(index) ? list[index] : nil
  }

  @Sendable private static func slice(_ input: TransformInput) throws(TransformError) -> JSON? {
    if let text = input.value?.string { return .string(String(sliced(Array(text), input))) }
    guard let list = input.value?.array else { throw input.wants("a list or a string") }
    return .array(Array(sliced(list, input)))
  }

  private static func sliced<Element>(_ elements: [Element], _ input: TransformInput) -> ArraySlice<Element> {
    let count = elements.count
    let bound = { (place: Int) in min(max(place < 0 ? count + place : place, 0), count) }
    let start = bound(input.int(0))
    let end = input.has(1) ? bound(input.int(1)) : count
    return start < end ? elements[start..<end] : []
  }

  @Sendable private static func unique(_ input: TransformInput) throws(TransformError) -> JSON? {
    var seen: Set<String> = []
    let path = input.path(0)
    let kept = try input.list().filter { element in
      let key = path.map { element.value(at: $0) ?? .null } ?? element
      return seen.insert(key.canonicalText).inserted
    }
    return .array(kept)
  }

  @Sendable private static func sort(_ input: TransformInput) throws(TransformError) -> JSON? {
    let path = input.path(0)
    let keyed = try input.list().map { element in
      (key: SortKey(path.map { element.value(at: $0) ?? .null } ?? element), element: element)
    }
    let isDescending = input.text(1) == "desc"
    let sorted = keyed.enumerated().sorted { a, b in
      if a.element.key == b.element.key { return a.offset < b.offset }
      return isDescending ? b.element.key < a.element.key : a.element.key < b.element.key
    }
    return .array(sorted.map(\.element.element))
  }

  @Sendable private static func reverse(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(try input.list().reversed())
  }

  @Sendable private static func flatten(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(flat(try input.list(), depth: input.int(0)))
  }

  private static func flat(_ list: [JSON], depth: Int) -> [JSON] {
    list.flatMap { element in
      if depth > 0, let inner = element.array { flat(inner, depth: depth - 1) } else { [element] }
    }
  }

  @Sendable private static func compact(_ input: TransformInput) throws(TransformError) -> JSON? {
    .array(try input.list().filter { $0 != .null && $0 != "" })
  }

  @Sendable private static func length(_ input: TransformInput) throws(TransformError) -> JSON? {
    switch input.value {
    case nil, .null?: return 0
    case .string(let text)?: return JSON((LengthUnit(rawValue: input.text(0)) ?? .grapheme).length(of: text))
    case .array(let list)?: return JSON(list.count)
    case .object(let object)?: return JSON(object.count)
    case .bool?, .number?: throw input.wants("a string, a list or an object")
    }
  }

  @Sendable private static func chunk(_ input: TransformInput) throws(TransformError) -> JSON? {
    let list = try input.list()
    let size = input.int(0)
    return .array(
      stride(from: 0, to: list.count, by: size).map { .array(Array(list[$0..<min($0 + size, list.count)])) })
  }
}
