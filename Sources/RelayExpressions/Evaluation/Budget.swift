internal import RelayDocuments

/// What one evaluation may still cost. A node walked, an element looked at and 64 bytes made or read
/// count one each, so that the limit bounds both time and memory.
struct Budget {
  static let limit = 1_000_000

  private var left: Int

  init(_ limit: Int = Budget.limit) { left = limit }

  mutating func charge(_ cost: Int) throws(ValueError) {
    left -= min(cost, Budget.limit + 1)
    guard left >= 0 else { throw ValueError("too costly: more than \(Budget.limit) operations", .spent) }
  }
}

extension Value {
  /// What it costs to copy or read the value itself, in a budget's units: not what its elements hold.
  var weight: Int {
    switch self {
    case .string(let text): text.utf8.count >> 6
    case .bytes(let bytes): bytes.count >> 6
    case .list(let elements): elements.count
    case .json(.array(let elements)): elements.count
    case .map(let map): map.count
    case .json(.object(let object)): object.count
    default: 0
    }
  }

  /// What it costs at most to find out whether this equals `other`: nothing where sizes or types tell.
  func equalityCost(_ other: Value) -> Int {
    switch (self, other) {
    case (.string(let a), .string(let b)): a.utf8.count == b.utf8.count ? a.utf8.count >> 6 : 0
    case (.bytes(let a), .bytes(let b)): a.count == b.count ? a.count >> 6 : 0
    default:
      switch self {
      case .list, .map, .json(.array), .json(.object), .object, .optional:
        size == other.size ? deepWeight(limit: Budget.limit + 1) : 0
      default: 0
      }
    }
  }

  /// What it costs to find a member by its name: document objects are searched.
  var lookupCost: Int {
    if case .json(.object(let object)) = self { object.count >> 6 } else { 0 }
  }

  /// The weight of the value and all that it holds, counted no further than `limit`.
  func deepWeight(limit: Int) -> Int {
    if case .optional(let value) = self { return 1 + (value?.deepWeight(limit: limit) ?? 0) }
    var total = weight
    guard let items = Items(self) else { return total }
    for index in 0..<items.count {
      guard total < limit else { break }
      total += items.value(index).deepWeight(limit: limit - total)
    }
    return total
  }
}

/// Why an operation or a function has no result; the node that asked adds the place.
struct ValueError: Error {
  enum Kind {
    case wrong
    /// A value of a kind that is never taken.
    case mismatch
    /// A member, key or element that is not there.
    case missing
    /// The budget is gone: no operator may pass over it.
    case spent
  }

  let message: String
  let kind: Kind

  init(_ message: String, _ kind: Kind = .wrong) {
    self.message = message
    self.kind = kind
  }

  static func mismatch(_ wanted: String, _ found: Value) -> ValueError {
    ValueError("wants \(wanted), not \(found.typeName)", .mismatch)
  }
}
