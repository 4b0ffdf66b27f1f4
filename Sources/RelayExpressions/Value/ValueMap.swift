package import RelayDocuments

/// A key of a map. An int and a uint of the same number are the same key.
package enum MapKey: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  /// Only numbers beyond Int64.
  case uint(UInt64)
  case string(String)

  /// Nil for a value that cannot be a key. A double is one where it is a whole number, as CEL looks it up.
  package init?(_ value: Value) {
    switch value.resolved {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .uint(value)
    case .double(let value):
      guard let whole = Int64(exactly: value) else { return nil }
      self = .int(whole)
    case .string(let text): self = .string(text)
    default: return nil
    }
  }

  package var value: Value {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .string(let text): .string(text)
    }
  }
}

/// A map in the order its entries were written.
package struct ValueMap: Sendable {
  package private(set) var entries: [(key: MapKey, value: Value)] = []
  private var places: [MapKey: Int] = [:]

  package init() {}

  package init(_ object: JSONObject) {
    for (name, value) in object.members { self[.string(name)] = Value(value) }
  }

  package init(_ object: any ValueObject) {
    for name in object.memberNames { self[.string(name)] = object.member(name) }
  }

  package var count: Int { entries.count }

  /// Setting nil leaves the map as it is.
  package subscript(key: MapKey) -> Value? {
    get { places[key].map { entries[$0].value } }
    set {
      guard let newValue else { return }
      if let place = places[key] {
        entries[place].value = newValue
      } else {
        places[key] = entries.count
        entries.append((key, newValue))
      }
    }
  }
}
