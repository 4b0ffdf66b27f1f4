internal import Glibc

/// LMDB's data file read page by page, without LMDB: so that a damaged file is found by bounds that are
/// checked, not by a signal. The layout is that of LMDB 0.9 on 64-bit little-endian machines.
struct PageFile: ~Copyable {
  private let descriptor: Int32
  let pageSize: Int
  /// What the newer of the two meta pages says.
  let meta: Meta

  /// A root that stands for an empty tree.
  static let noPage = UInt64.max

  struct Tree {
    var root: UInt64
    var depth: Int
  }

  struct Meta {
    var transaction: UInt64
    var lastPage: UInt64
    var free: Tree
    var main: Tree
  }

  /// Throws where neither the file's length nor its meta pages can be believed.
  static func open(_ path: String) throws(PageDamage) -> PageFile {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw PageDamage(page: 0, what: "the file cannot be opened: \(errorText())")
    }
    do throws(PageDamage) {
      let (pageSize, meta) = try newerMeta(descriptor)
      return PageFile(descriptor: descriptor, pageSize: pageSize, meta: meta)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func newerMeta(_ descriptor: Int32) throws(PageDamage) -> (Int, Meta) {
    let pageSize = Int(try read(descriptor, at: 0, count: 4096).number32(at: 40))
    guard [4096, 8192, 16384, 32768, 65536].contains(pageSize) else {
      throw PageDamage(page: 0, what: "it states no page size that there is")
    }
    let first = try meta(try read(descriptor, at: 0, count: 4096))
    let second = try meta(try read(descriptor, at: pageSize, count: 4096))
    let newer = first.transaction < second.transaction ? second : first
    let length = lseek(descriptor, 0, SEEK_END)
    guard UInt64(length) / UInt64(pageSize) > newer.lastPage else {
      throw PageDamage(page: newer.lastPage, what: "the file is cut short: its last page is not there")
    }
    return (pageSize, newer)
  }

  deinit { close(descriptor) }

  /// One page, or `count` that follow each other.
  func read(_ page: UInt64, count: Int = 1) throws(PageDamage) -> [UInt8] {
    guard page >= 2, page <= meta.lastPage, UInt64(count) <= meta.lastPage - page + 1 else {
      throw PageDamage(page: page, what: "it lies outside of the file")
    }
    return try Self.read(descriptor, at: Int(page) * pageSize, count: count * pageSize)
  }

  private static func meta(_ page: [UInt8]) throws(PageDamage) -> Meta {
    guard page.number32(at: 16) == 0xBEEF_C0DE, page.number32(at: 20) == 1 else {
      throw PageDamage(page: 0, what: "it is no data file of this LMDB")
    }
    func tree(_ offset: Int) -> Tree {
      Tree(root: page.number64(at: offset + 40), depth: Int(page.number16(at: offset + 6)))
    }
    return Meta(
      transaction: page.number64(at: 144), lastPage: page.number64(at: 136), free: tree(40), main: tree(88))
  }

  private static func read(_ descriptor: Int32, at offset: Int, count: Int) throws(PageDamage) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let step = unsafe bytes.withUnsafeMutableBytes { all in
        unsafe pread(descriptor, all.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      guard step > 0 else {
        throw PageDamage(page: UInt64(offset) / 4096, what: step == 0 ? "the file ends there" : errorText())
      }
      done += step
    }
    return bytes
  }
}

/// What is wrong with a page.
struct PageDamage: Error, Hashable {
  var page: UInt64
  var what: String
}

/// Little-endian numbers in a page; zero beyond its end.
extension [UInt8] {
  func number16(at offset: Int) -> UInt16 {
    offset + 2 <= count ? UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 : 0
  }

  func number32(at offset: Int) -> UInt32 {
    UInt32(number16(at: offset)) | UInt32(number16(at: offset + 2)) << 16
  }

  func number64(at offset: Int) -> UInt64 {
    UInt64(number32(at: offset)) | UInt64(number32(at: offset + 4)) << 32
  }
}
