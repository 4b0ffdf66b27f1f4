internal import RelayDocuments

extension Value {
  /// CEL's equality: numbers by value across types, lists and maps by content; values of different types
  /// are simply not equal.
  package func isEqual(to other: Value) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
    case (.int(let a), .int(let b)): a == b
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.type(let a), .type(let b)): a == b
    case (.optional(let a), .optional(let b)): Self.areEqual(a, b)
    default: isEqual(composite: other)
    }
  }

  private static func areEqual(_ a: Value?, _ b: Value?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.isEqual(to: b)
  }

  private func isEqual(composite other: Value) -> Bool {
    if let order = order(numeric: other) { return order == .equal }
    if let count = listCount {
      guard count == other.listCount, let a = Items(self), let b = Items(other) else { return false }
      return (0..<count).allSatisfy { a.value($0).isEqual(to: b.value($0)) }
    }
    guard isMap, other.isMap, size == other.size, let items = Items(self) else {
      if case .json(let json) = self, case .null = json { return other.isNull }
      return false
    }
    let indexed = other.indexed
    return (0..<items.count).allSatisfy { index in
      MapKey(items.key(index)).flatMap { indexed[$0] }?.isEqual(to: items.value(index)) == true
    }
  }

  /// A map that finds its keys without a search.
  private var indexed: ValueMap {
    if case .map(let map) = self { return map }
    if case .map(let map) = resolved { return map }
    return ValueMap()
  }

  enum Order {
    case less, equal, greater
    /// One of the two is not a number.
    case none
  }

  /// How this stands to `other`; nil when the two cannot be compared.
  func order(to other: Value) -> Order? {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): a == b ? .equal : (b ? .less : .greater)
    case (.string(let a), .string(let b)): Self.order(text: a, b)
    case (.bytes(let a), .bytes(let b)): Self.order(a, b)
    case (.timestamp(let a), .timestamp(let b)): Self.order(a, b)
    case (.duration(let a), .duration(let b)): Self.order(a, b)
    default: order(numeric: other)
    }
  }

  func order(numeric other: Value) -> Order? {
    switch (number, other.number) {
    case (.int(let a), .int(let b)): Self.order(a, b)
    case (.uint(let a), .uint(let b)): Self.order(a, b)
    case (.double(let a), .double(let b)): Self.order(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : Self.order(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? .greater : Self.order(a, UInt64(b))
    case (.int(let a), .double(let b)): Self.order(rounded: a, b)
    case (.uint(let a), .double(let b)): Self.order(rounded: a, b)
    case (.double(let a), .int(let b)): Self.order(rounded: b, a).reversed
    case (.double(let a), .uint(let b)): Self.order(rounded: b, a).reversed
    default: nil
    }
  }

  private static func order<T: Comparable>(_ a: T, _ b: T) -> Order {
    if a < b { return .less }
    if a > b { return .greater }
    return a == b ? .equal : .none
  }

  private static func order(_ a: [UInt8], _ b: [UInt8]) -> Order {
    a == b ? .equal : (a.lexicographicallyPrecedes(b) ? .less : .greater)
  }

  /// By code points, which is the order of the bytes of UTF-8.
  private static func order(text a: String, _ b: String) -> Order {
    if a.hasSameScalars(as: b) { return .equal }
    return a.utf8.lexicographicallyPrecedes(b.utf8) ? .less : .greater
  }

  /// An integer beyond 2^53 is rounded to the nearest double, as the published language compares them.
  private static func order(rounded integer: some BinaryInteger, _ double: Double) -> Order {
    order(Double(integer), double)
  }
}

extension Value.Order {
  fileprivate var reversed: Value.Order {
    switch self {
    case .less: .greater
    case .greater: .less
    case .equal, .none: self
    }
  }
}

extension String {
  /// Whether the two have the same code points: `==` also equates other spellings of a character.
  func hasSameScalars(as other: String) -> Bool {
    self == other && utf8.elementsEqual(other.utf8)
  }
}
