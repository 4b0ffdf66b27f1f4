internal import RelayDocuments

/// What one evaluation may still cost. A node walked, an element looked at and 64 bytes made or read
/// count one each, so that the limit bounds both time and memory.
struct Budget {
  static let limit = 500_000

  private var left = Budget.limit

  var isSpent: Bool { left < 0 }

  /// False when the cost is beyond what is left.
  mutating func take(_ cost: Int) -> Bool {
    left -= min(cost, Budget.limit + 1)
    return left >= 0
  }
}

extension Value {
  /// What it costs to copy or read the value itself, in a budget's units: not what its elements hold.
  var weight: Int {
    switch self {
    case .string(let text): text.utf8.count / 64
    case .bytes(let bytes): bytes.count / 64
    default: size ?? 0
    }
  }

  /// What it costs at most to find out whether this equals `other`: nothing where sizes or types tell.
  func equalityCost(_ other: Value) -> Int {
    guard let size, size == other.size else { return 0 }
    switch self {
    case .string, .bytes: return weight
    default: return deepWeight(limit: Budget.limit + 1)
    }
  }

  /// What it costs to find a member by its name: document objects are searched.
  var lookupCost: Int {
    if case .json(.object(let object)) = self { object.count / 64 } else { 0 }
  }

  /// The weight of the value and all that it holds, counted no further than `limit`.
  private func deepWeight(limit: Int) -> Int {
    var total = weight
    let inner: [Value]
    switch resolved {
    case .list(let elements): inner = elements
    case .map(let map): inner = map.entries.map(\.value)
    default: return total
    }
    for value in inner {
      guard total < limit else { break }
      total += value.deepWeight(limit: limit - total)
    }
    return total
  }
}

/// Why an operation or a function has no result; the evaluator adds the place.
struct ValueError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
