import Glibc

/// A folder of a test's own, removed at its end unless PETREL_KEEP is set.
final class Folder: Sendable {
  let path: String

  struct Failure: Error {
    let what: String
  }

  /// - Parameter memory: puts it into memory where that can be done.
  init(memory: Bool = false) throws {
    let hasMemory = unsafe access("/dev/shm", W_OK) == 0
    let base = memory && hasMemory ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/petrel-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Failure(what: "mkdtemp") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { if RelayProcess.environment("PETREL_KEEP") == nil { _ = unsafe system("rm -rf '\(path)'") } }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    if let slash = name.lastIndex(of: "/") { _ = unsafe system("mkdir -p '\(path)/\(name[..<slash])'") }
    guard let stream = unsafe fopen(file, "w") else { throw Failure(what: "fopen \(file)") }
    defer { unsafe fclose(stream) }
    guard unsafe fputs(text, stream) >= 0 else { throw Failure(what: "fputs \(file)") }
    return file
  }

  func read(_ name: String) throws -> String { try Self.text(of: "\(path)/\(name)") }

  /// A file's length; 0 for one that is not there.
  static func size(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Removes a folder with all that is in it.
  static func remove(_ path: String) {
    for name in (try? names(in: path)) ?? [] where unsafe unlink("\(path)/\(name)") != 0 {
      remove("\(path)/\(name)")
    }
    _ = unsafe rmdir(path)
  }

  /// The names in a folder.
  static func names(in path: String) throws -> [String] {
    guard let directory = unsafe opendir(path) else { throw Failure(what: "opendir \(path)") }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// A file's text, wherever it lies.
  static func text(of file: String) throws -> String {
    guard let stream = unsafe fopen(file, "r") else { throw Failure(what: "fopen \(file)") }
    defer { unsafe fclose(stream) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, stream)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
