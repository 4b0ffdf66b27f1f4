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
    switch value.number {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .uint(value)
    case .double(let value):
      if let whole = Int64(exactly: value) {
        self = .int(whole)
      } else if let whole = UInt64(exactly: value) {
        self = .uint(whole)
      } else {
        return nil
      }
    case .string(let text): self = .string(text)
    default: return nil
    }
  }

  package static func == (a: MapKey, b: MapKey) -> Bool {
    switch (a, b) {
    case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
    case (.int(let a), .int(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.uint(let a), .uint(let b)): a == b
    default: false
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
  /// Where each key stands; empty while there are so few that a search is as quick.
  private var places: [MapKey: Int] = [:]
  private static let searched = 8

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
    get { place(of: key).map { entries[$0].value } }
    set {
      guard let newValue else { return }
      if let place = place(of: key) {
        entries[place].value = newValue
      } else {
        entries.append((key, newValue))
        index(key)
      }
    }
  }

  private func place(of key: MapKey) -> Int? {
    places.isEmpty ? entries.firstIndex { $0.key == key } : places[key]
  }

  private mutating func index(_ key: MapKey) {
    guard entries.count > Self.searched else { return }
    if places.isEmpty {
      for (place, entry) in entries.enumerated() { places[entry.key] = place }
    } else {
      places[key] = entries.count - 1
    }
  }
}
