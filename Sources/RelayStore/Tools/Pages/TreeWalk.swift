/// Walks trees of a data file page by page. What is damaged is told, and left out with all below it.
struct TreeWalk: ~Copyable {
  let file: PageFile
  private(set) var damage: [PageDamage] = []
  /// A bit for each page that was met: none may be met twice.
  private var met: [UInt64]
  /// Leaves that may still be read; the rest is passed over.
  private var leaves: Int
  /// Compares keys by their bytes; the tree of free pages has numbers for keys.
  private var comparesKeys = true

  /// What is known of a value without reading it all.
  struct Value {
    var page: Page
    var node: Page.Node
  }

  init(_ file: consuming PageFile, leaves: Int = .max) {
    met = [UInt64](repeating: 0, count: Int(file.meta.lastPage / 64) + 1)
    self.file = file
    self.leaves = leaves
  }

  /// Walks everything: the free pages, the table of databases, and each database.
  mutating func walkAll(_ visit: (String, [UInt8], Value, borrowing PageFile) -> Void = { _, _, _, _ in }) {
    walkFreePages()
    var databases: [(String, PageFile.Tree)] = []
    walk(file.meta.main) { key, value, _ in
      guard value.node.flags & Page.isTree != 0, value.node.number >= 48 else { return }
      let bytes = value.page.bytes
      let tree = PageFile.Tree(
        root: bytes.number64(at: value.node.value + 40), depth: Int(bytes.number16(at: value.node.value + 6)))
      databases.append((String(decoding: key, as: UTF8.self), tree))
    }
    for (name, tree) in databases {
      walk(tree) { key, value, file in visit(name, key, value, file) }
    }
  }

  /// Visits the entries of a tree in order.
  mutating func walk(_ tree: PageFile.Tree, _ visit: ([UInt8], Value, borrowing PageFile) -> Void) {
    guard tree.root != PageFile.noPage else { return }
    var last: [UInt8] = []
    descend(tree.root, left: tree.depth, &last, visit)
  }

  private mutating func descend(
    _ number: UInt64, left: Int, _ last: inout [UInt8], _ visit: ([UInt8], Value, borrowing PageFile) -> Void
  ) {
    do throws(PageDamage) {
      guard left >= 1, left <= 32 else {
        throw PageDamage(page: number, what: "its tree is deeper than it states")
      }
      if left == 1 && leaves <= 0 { return }
      try meet(number)
      let page = try Page(number, try file.read(number))
      guard page.isLeaf == (left == 1) else {
        throw PageDamage(page: number, what: "its tree states another depth")
      }
      if page.isLeaf { leaves -= 1 }
      for node in page.nodes {
        if page.isLeaf {
          try checkOrder(page, node, &last)
          try checkOverflow(page, node)
          visit(Array(page.bytes[node.key]), Value(page: page, node: node), file)
        } else {
          descend(node.number, left: left - 1, &last, visit)
        }
      }
    } catch {
      damage.append(error)
    }
  }

  private func checkOrder(_ page: Page, _ node: Page.Node, _ last: inout [UInt8]) throws(PageDamage) {
    guard comparesKeys else { return }
    let key = page.bytes[node.key]
    guard last.isEmpty || last.lexicographicallyPrecedes(key) else {
      throw PageDamage(page: page.number, what: "its keys are out of order")
    }
    last = Array(key)
  }

  /// The overflow pages of a value: there, and nobody else's.
  private mutating func checkOverflow(_ page: Page, _ node: Page.Node) throws(PageDamage) {
    guard node.flags & Page.isBig != 0 else { return }
    let first = page.bytes.number64(at: node.value)
    let header = try file.read(first)
    let pages = Int(header.number32(at: 12))
    guard header.number64(at: 0) == first, header.number16(at: 10) == 0x04,
      pages * file.pageSize >= Int(node.number) + Page.headerBytes
    else { throw PageDamage(page: first, what: "it does not begin the value that it should") }
    for number in 0..<UInt64(pages) { try meet(first + number) }
  }

  /// The lists of free pages: each as long as it says, and nothing in them that is in use.
  private mutating func walkFreePages() {
    comparesKeys = false
    var lists: [[UInt64]] = []
    walk(file.meta.free) { _, value, file in
      if let list = value.bytes(file) {
        lists.append(stride(from: 0, to: list.count, by: 8).map { list.number64(at: $0) })
      }
    }
    comparesKeys = true
    for list in lists {
      do throws(PageDamage) {
        guard let count = list.first, count <= UInt64(list.count - 1) else {
          throw PageDamage(page: 0, what: "a list of free pages is not as long as it states")
        }
        for number in list[1..<1 + Int(count)] { try meet(number) }
      } catch {
        damage.append(error)
      }
    }
  }

  private mutating func meet(_ number: UInt64) throws(PageDamage) {
    guard number >= 2, number <= file.meta.lastPage else {
      throw PageDamage(page: number, what: "it lies outside of the file")
    }
    let bit: UInt64 = 1 << (number % 64)
    guard met[Int(number / 64)] & bit == 0 else { throw PageDamage(page: number, what: "it is used twice") }
    met[Int(number / 64)] |= bit
  }
}

extension TreeWalk.Value {
  /// The value's bytes; nil where its overflow pages cannot be read.
  func bytes(_ file: borrowing PageFile) -> [UInt8]? {
    let length = Int(node.number)
    guard node.flags & Page.isBig != 0 else { return Array(page.bytes[node.value..<node.value + length]) }
    let count = (length + Page.headerBytes + file.pageSize - 1) / file.pageSize
    do throws(PageDamage) {
      let pages = try file.read(page.bytes.number64(at: node.value), count: count)
      return Array(pages[Page.headerBytes..<Page.headerBytes + length])
    } catch {
      return nil
    }
  }
}
