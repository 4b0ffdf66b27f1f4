/// The members of one object under construction: finds a name that is there already.
///
/// A set of 512 bits says for most new names that they are new; only then is compared: a scan while the
/// members are few, an index once they are many, so that a hostile object costs no quadratic time.
struct MemberList<Builder: JSONBuilder> {
  private let builder: Builder
  private(set) var all: [Builder.Member] = []
  private var seen = SIMD8<UInt64>()
  private var index: [String: Int] = [:]

  private static var scanLimit: Int { 128 }

  init(_ builder: Builder) { self.builder = builder }

  /// False when a member of that name is there and must not be.
  mutating func append(_ name: String, _ member: Builder.Member, _ duplicates: DuplicateMembers) -> Bool {
    if mark(name), let place = place(of: name) {
      guard duplicates == .keepLast else { return false }
      all[place] = member
      return true
    }
    all.append(member)
    if all.count > Self.scanLimit {
      index[name] = all.count - 1
    } else if all.count == Self.scanLimit {
      for (place, member) in all.enumerated() { index[builder.name(of: member)] = place }
    }
    return true
  }

  /// Marks a name as seen; true when it may have been seen before.
  private mutating func mark(_ name: String) -> Bool {
    let bytes = name.utf8.span
    let count = bytes.count
    var sum = UInt64(truncatingIfNeeded: count)
    for place in count == 0 ? 0..<0 : 0..<4 {
      sum = sum &* 31 &+ UInt64(bytes[place * (count - 1) / 3])
    }
    let bit = (sum &* 0x9E37_79B9_7F4A_7C15) >> 55
    let word = Int(bit >> 6)
    let mask: UInt64 = 1 << (bit & 63)
    defer { seen[word] |= mask }
    return seen[word] & mask != 0
  }

  private func place(of name: String) -> Int? {
    guard all.count >= Self.scanLimit else { return all.firstIndex { builder.name(of: $0) == name } }
    return index[name]
  }
}
