import Glibc

/// One line of the shim's record.
struct DiskEntry {
  enum Kind {
    /// Bytes at an offset of a file; nil stands for zeros. `syncs` where the call is a sync of them too.
    case write(file: UInt64, at: Int, count: Int, bytes: [UInt8]?, syncs: Bool)
    case truncate(file: UInt64, size: Int)
    case sync(file: UInt64)
    /// The sync with this number has succeeded.
    case done(UInt32)
    case open(file: UInt64, path: String)
    case create(file: UInt64, path: String)
    case makeFolder(path: String)
    case remove(path: String)
    case rename(from: String, to: String)
    /// The answer that says the event is safe is about to be sent.
    case acknowledge(event: String)
    /// A request of a step is about to be sent.
    case request(key: String)
  }

  /// Counts from 1 in every process.
  let number: UInt32
  let kind: Kind

  static func read(_ log: String) throws -> [DiskEntry] {
    var reader = EntryReader(bytes: try Bytes.of(log))
    var entries: [DiskEntry] = []
    while let entry = reader.next() { entries.append(entry) }
    return entries
  }
}

/// A file's bytes.
enum Bytes {
  static func of(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Folder.Failure(what: "open \(path)") }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      unsafe count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
    }
    guard bytes.count == size else { throw Folder.Failure(what: "read \(path)") }
    return bytes
  }
}

/// `struct entry` of the shim, and what follows it.
private struct EntryReader {
  let bytes: [UInt8]
  private var place = 0
  private static let head = 32

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Nil at the end; the last entry may be cut short where the process was killed.
  mutating func next() -> DiskEntry? {
    guard place + Self.head <= bytes.count else { return nil }
    let letter = Character(UnicodeScalar(bytes[place]))
    let flags = bytes[place + 1]
    let pathCount = Int(number(2, bytes: 2))
    let sequence = UInt32(number(4, bytes: 4))
    let file = number(8, bytes: 8)
    let at = Int(number(16, bytes: 8))
    let count = Int(number(24, bytes: 8))
    let stored = (letter == "w" && flags & 1 == 0) || letter == "r" ? count : 0
    let path = place + Self.head
    let end = path + pathCount + stored
    guard end <= bytes.count else { return nil }
    place = end
    let name = String(decoding: bytes[path..<path + pathCount], as: UTF8.self)
    let data = bytes[(path + pathCount)..<end]
    let kind: DiskEntry.Kind? =
      switch letter {
      case "w":
        .write(
          file: file, at: at, count: count, bytes: flags & 1 == 0 ? Array(data) : nil, syncs: flags & 2 != 0)
      case "t": .truncate(file: file, size: at)
      case "s": .sync(file: file)
      case "d": .done(UInt32(at))
      case "o": .open(file: file, path: name)
      case "c": .create(file: file, path: name)
      case "m": .makeFolder(path: name)
      case "u": .remove(path: name)
      case "r": .rename(from: name, to: String(decoding: data, as: UTF8.self))
      case "a": .acknowledge(event: name)
      case "b": .request(key: name)
      default: nil
      }
    return kind.map { DiskEntry(number: sequence, kind: $0) }
  }

  private func number(_ offset: Int, bytes count: Int) -> UInt64 {
    (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[place + offset + $1]) }
  }
}
