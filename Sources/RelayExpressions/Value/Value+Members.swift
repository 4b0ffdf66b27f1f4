internal import RelayDocuments

extension Value {
  /// The member of a map; nil when this is no map or has none of that name.
  func member(_ name: String) -> Value? {
    switch self {
    case .json(.object(let object)): object[name].map { Value($0) }
    case .object(let object): object.member(name)
    case .map(let map): map[.string(name)]
    default: nil
    }
  }

  var isMap: Bool {
    switch self {
    case .map, .json(.object), .object: true
    default: false
    }
  }

  /// The string keys of a map; nil for other values.
  var memberNames: [String]? {
    switch self {
    case .json(.object(let object)): object.members.map(\.name)
    case .object(let object): object.memberNames
    case .map(let map):
      map.entries.compactMap { if case .string(let name) = $0.key { name } else { nil } }
    default: nil
    }
  }

  /// The elements of a list; nil for other values.
  var elements: [Value]? {
    switch self {
    case .list(let elements): elements
    case .json(.array(let elements)): elements.map { Value($0) }
    default: nil
    }
  }

  /// How many elements, entries, characters or bytes; nil for values that have no size.
  var size: Int? {
    switch self {
    case .string(let text): text.unicodeScalars.count
    case .bytes(let bytes): bytes.count
    case .list(let elements): elements.count
    case .json(.array(let elements)): elements.count
    case .json(.object(let object)): object.count
    case .map(let map): map.count
    case .object(let object): object.memberNames.count
    default: nil
    }
  }
}

extension Value {
  /// The number of elements of a list; nil for other values.
  var listCount: Int? {
    switch self {
    case .list(let elements): elements.count
    case .json(.array(let elements)): elements.count
    default: nil
    }
  }

  /// The element of a list; nil beyond its ends and for other values.
  func element(at place: Int64) -> Value? {
    guard let count = listCount, place >= 0, place < count else { return nil }
    switch self {
    case .list(let elements): return elements[Int(place)]
    case .json(.array(let elements)): return Value(elements[Int(place)])
    default: return nil
    }
  }

  /// The keys of a map; nil for other values.
  var keys: [Value]? {
    if case .map(let map) = self { return map.entries.map(\.key.value) }
    return memberNames?.map(Value.string)
  }
}
