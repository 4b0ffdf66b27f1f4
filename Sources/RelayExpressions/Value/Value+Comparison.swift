internal import RelayDocuments
internal import RelayModel

extension Value {
  /// CEL's equality: numbers by value across types, lists and maps by content; values of different types
  /// are simply not equal.
  package func isEqual(to other: Value) -> Bool {
    switch (self.resolved, other.resolved) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a.unicodeScalars.elementsEqual(b.unicodeScalars)
    case (.bytes(let a), .bytes(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
    case (.map(let a), .map(let b)):
      a.count == b.count && a.entries.allSatisfy { b[$0.key]?.isEqual(to: $0.value) == true }
    case (let a, let b): a.order(numeric: b) == .equal
    }
  }

  enum Order {
    case less, equal, greater
    /// One of the two is not a number.
    case none
  }

  /// How this stands to `other`; nil when the two cannot be compared.
  func order(to other: Value) -> Order? {
    switch (self.resolved, other.resolved) {
    case (.bool(let a), .bool(let b)): a == b ? .equal : (b ? .less : .greater)
    case (.string(let a), .string(let b)): Self.order(Array(a.utf8), Array(b.utf8))
    case (.bytes(let a), .bytes(let b)): Self.order(a, b)
    case (.timestamp(let a), .timestamp(let b)): Self.order(a, b)
    case (.duration(let a), .duration(let b)): Self.order(a, b)
    case (let a, let b): a.order(numeric: b)
    }
  }

  private func order(numeric other: Value) -> Order? {
    switch (self, other) {
    case (.int(let a), .int(let b)): Self.order(a, b)
    case (.uint(let a), .uint(let b)): Self.order(a, b)
    case (.double(let a), .double(let b)): Self.order(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : Self.order(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? .greater : Self.order(a, UInt64(b))
    case (.int(let a), .double(let b)): Self.order(exact: a, b)
    case (.uint(let a), .double(let b)): Self.order(exact: a, b)
    case (.double(let a), .int(let b)): Self.order(exact: b, a).reversed
    case (.double(let a), .uint(let b)): Self.order(exact: b, a).reversed
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

  /// Compares without rounding the integer to a double.
  private static func order<I: FixedWidthInteger>(exact integer: I, _ double: Double) -> Order {
    if double.isNaN { return .none }
    if double >= Double(I.max) { return .less }
    if double < Double(I.min) { return .greater }
    let whole = I(double.rounded(.down))
    if integer != whole { return order(integer, whole) }
    return double > double.rounded(.down) ? .less : .equal
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
