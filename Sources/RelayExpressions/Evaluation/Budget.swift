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
  /// What it costs to look at the whole value, in a budget's units.
  var weight: Int {
    switch self {
    case .string(let text): text.utf8.count / 64
    case .bytes(let bytes): bytes.count / 64
    case .list(let elements): elements.reduce(elements.count) { $0 + $1.weight }
    case .map(let map): map.entries.reduce(map.count) { $0 + $1.value.weight }
    case .json(.array(let elements)): elements.reduce(elements.count) { $0 + Value($1).weight }
    case .json(.object(let object)): object.members.reduce(object.count) { $0 + Value($1.value).weight }
    default: 0
    }
  }
}

/// Why an operation or a function has no result; the evaluator adds the place.
struct ValueError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
