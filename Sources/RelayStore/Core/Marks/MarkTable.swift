internal import RelayModel

/// Marks by their hash: what `Dictionary` would be, at a fifth of its price for keys that are hashes
/// already.
///
/// Open addressing with linear probing, at most half full. A sender can choose the ids that are hashed; so
/// the slot is taken from the product with an odd number that nobody outside the process knows, and the
/// marks that meet in one slot cannot be chosen. The order of the slots is never shown.
struct MarkTable {
  /// Packed: there are three tables of this type, each with more than twice as many slots as marks.
  struct Entry: Comparable {
    private let high: UInt64
    private let event: UInt64
    private let low: UInt32
    /// All bits set in a slot that is free: no event has as many.
    private let executions: UInt32

    static let free = Entry(MarkHash(high: 0, low: 0), event: 0, executions: .max)

    init(_ hash: MarkHash, _ value: DedupeValue) {
      self.init(hash, event: value.event.rawValue, executions: UInt32(value.executions))
    }

    private init(_ hash: MarkHash, event: UInt64, executions: UInt32) {
      high = hash.high
      low = hash.low
      self.event = event
      self.executions = executions
    }

    var isFree: Bool { executions == .max }
    var hash: MarkHash { MarkHash(high: high, low: low) }
    var value: DedupeValue {
      DedupeValue(event: RecordKey(rawValue: event), executions: Int(executions))
    }

    static func < (a: Entry, b: Entry) -> Bool { a.hash < b.hash }
  }

  private var slots: [Entry]
  private(set) var count = 0
  /// Slots are counted by the product's upper bits.
  private var shift: UInt64

  private static let factor = UInt64.random(in: .min ... .max) | 1

  init() {
    slots = []
    shift = 64
  }

  var isEmpty: Bool { count == 0 }

  /// Every entry, in no particular order.
  var entries: some Sequence<Entry> { slots.lazy.filter { !$0.isFree } }

  subscript(hash: MarkHash) -> DedupeValue? {
    guard count > 0 else { return nil }
    let entry = slots[place(of: hash)]
    return entry.isFree ? nil : entry.value
  }

  /// Takes a mark in, in place of one of the same hash.
  mutating func insert(_ value: DedupeValue, for hash: MarkHash) {
    if count * 2 >= slots.count { grow() }
    let place = place(of: hash)
    if slots[place].isFree { count += 1 }
    slots[place] = Entry(hash, value)
  }

  /// Forgets all, and keeps the memory.
  mutating func removeAll() {
    for index in slots.indices { slots[index] = .free }
    count = 0
  }

  /// The slot that has the mark, or else the free one where it belongs.
  private func place(of hash: MarkHash) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: (hash.high &* Self.factor) &>> shift)
    while !slots[place].isFree, slots[place].hash != hash { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: .free, count: max(64, old.count * 2))
    shift = UInt64(64 - slots.count.trailingZeroBitCount)
    for entry in old where !entry.isFree { slots[place(of: entry.hash)] = entry }
  }
}
