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

  /// The entry of a map under any key; nil when this is no map or has no such entry.
  func entry(_ key: Value) -> Value? {
    if case .string(let name) = key { return member(name) }
    if case .map(let map) = self { return MapKey(key).flatMap { map[$0] } }
    return nil
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
    case .json(.object(let object)): object.count
    case .map(let map): map.count
    case .object(let object): object.memberNames.count
    default: listCount
    }
  }

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

  /// Whether it is false, zero or empty, as `optional.ofNonZeroValue` judges.
  var isZero: Bool {
    switch number {
    case .null, .optional(nil): true
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .duration(let value): value == .zero
    case .timestamp(let value): value.seconds == 0 && value.nanoseconds == 0
    default: size == 0
    }
  }
}

/// What a macro walks over: the elements of a list with their places, or the entries of a map.
enum Items {
  case elements([Value])
  case array([JSON])
  case entries([(key: MapKey, value: Value)])
  case members([(name: String, value: JSON)])

  /// Nil for what is neither a list nor a map.
  init?(_ value: Value) {
    switch value {
    case .list(let elements): self = .elements(elements)
    case .json(.array(let elements)): self = .array(elements)
    case .map(let map): self = .entries(map.entries)
    case .json(.object(let object)): self = .members(object.members)
    case .object(let object): self = .entries(ValueMap(object).entries)
    default: return nil
    }
  }

  var isList: Bool {
    switch self {
    case .elements, .array: true
    case .entries, .members: false
    }
  }

  var count: Int {
    switch self {
    case .elements(let elements): elements.count
    case .array(let elements): elements.count
    case .entries(let entries): entries.count
    case .members(let members): members.count
    }
  }

  func key(_ index: Int) -> Value {
    switch self {
    case .elements, .array: .int(Int64(index))
    case .entries(let entries): entries[index].key.value
    case .members(let members): .string(members[index].name)
    }
  }

  func value(_ index: Int) -> Value {
    switch self {
    case .elements(let elements): elements[index]
    case .array(let elements): Value(elements[index])
    case .entries(let entries): entries[index].value
    case .members(let members): Value(members[index].value)
    }
  }
}
