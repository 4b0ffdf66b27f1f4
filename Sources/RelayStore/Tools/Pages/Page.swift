/// A branch or leaf page of a tree, its form checked: every node lies within it.
struct Page {
  struct Node {
    /// In a branch: the child. In a leaf: the value's length.
    var number: UInt64
    var flags: UInt16
    var key: Range<Int>
    /// Where the value begins; its end is inside the page unless it lies on overflow pages.
    var value: Int
  }

  static let headerBytes = 16
  private static let branch: UInt16 = 0x01
  private static let leaf: UInt16 = 0x02
  /// The value is the number of the first overflow page.
  static let isBig: UInt16 = 0x01
  /// The value describes a tree.
  static let isTree: UInt16 = 0x02
  private static let maxKey = 511

  let number: UInt64
  let bytes: [UInt8]
  let isLeaf: Bool
  let nodes: [Node]

  init(_ number: UInt64, _ bytes: [UInt8]) throws(PageDamage) {
    func damage(_ what: String) -> PageDamage { PageDamage(page: number, what: what) }
    guard bytes.number64(at: 0) == number else { throw damage("it bears the number of another page") }
    let flags = bytes.number16(at: 10)
    guard flags == Self.branch || flags == Self.leaf else { throw damage("it is neither branch nor leaf") }
    let lower = Int(bytes.number16(at: 12))
    let upper = Int(bytes.number16(at: 14))
    guard lower >= Self.headerBytes, lower % 2 == 0, lower <= upper, upper <= bytes.count else {
      throw damage("its list of nodes does not fit it")
    }
    self.number = number
    self.bytes = bytes
    self.isLeaf = flags == Self.leaf
    self.nodes = try Self.nodes(number, bytes, count: (lower - Self.headerBytes) / 2, upper, isLeaf: isLeaf)
    guard isLeaf || nodes.count >= 2 else { throw damage("it branches to fewer than two pages") }
  }

  private static func nodes(
    _ number: UInt64, _ bytes: [UInt8], count: Int, _ upper: Int, isLeaf: Bool
  ) throws(PageDamage) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(count)
    for index in 0..<count {
      let start = Int(bytes.number16(at: headerBytes + 2 * index))
      guard start >= upper, start + 8 <= bytes.count,
        let node = node(bytes, start, isLeaf: isLeaf, isFirst: index == 0)
      else { throw PageDamage(page: number, what: "node \(index) does not fit it") }
      nodes.append(node)
    }
    return nodes
  }

  private static func node(_ bytes: [UInt8], _ start: Int, isLeaf: Bool, isFirst: Bool) -> Node? {
    let length = UInt64(bytes.number32(at: start))
    let flags = bytes.number16(at: start + 4)
    let keyCount = Int(bytes.number16(at: start + 6))
    let key = start + 8..<start + 8 + keyCount
    guard keyCount <= maxKey, key.upperBound <= bytes.count, keyCount > 0 || (isFirst && !isLeaf) else {
      return nil
    }
    guard isLeaf else {
      return Node(number: length | UInt64(flags) << 32, flags: 0, key: key, value: key.upperBound)
    }
    let stored = flags & isBig != 0 ? 8 : length
    guard flags & ~(isBig | isTree) == 0, UInt64(key.upperBound) + stored <= UInt64(bytes.count) else {
      return nil
    }
    return Node(number: length, flags: flags, key: key, value: key.upperBound)
  }
}
