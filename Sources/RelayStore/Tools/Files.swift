internal import CLinux
internal import Glibc

/// The few things done with files outside of LMDB. Each names the call that failed.
enum Files {
  /// Makes a folder with mode 0700, or takes an empty one.
  static func makeEmptyFolder(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    guard errno == EEXIST else { throw failure(path, "mkdir") }
    guard try names(in: path).isEmpty else {
      throw .unusable(path: path, why: "it is not empty. Name a new folder, or empty this one")
    }
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// The names in a folder, without `.` and `..`.
  static func names(in path: String) throws(StoreError) -> [String] {
    guard let directory = unsafe opendir(path) else { throw failure(path, "opendir") }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Sets mode 0600 and makes a file's bytes durable.
  static func settle(_ path: String) throws(StoreError) {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw failure(path, "fchmod") }
    guard fsync(descriptor) == 0 else { throw .ioFailed("fsync \(path): \(errorText())") }
  }

  static func rename(_ from: String, to: String) throws(StoreError) {
    guard unsafe Glibc.rename(from, to) == 0 else { throw failure(to, "rename") }
  }

  /// Removes a file; one that is not there is removed already.
  static func remove(_ path: String) throws(StoreError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(path, "unlink") }
  }

  static func removeFolder(_ path: String) throws(StoreError) {
    guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw failure(path, "rmdir") }
  }

  static func size(of path: String) throws(StoreError) -> Int {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw failure(path, "stat") }
    return Int(status.st_size)
  }

  static func read(_ path: String) throws(StoreError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { throw failure(path, "read") }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Writes a new file with mode 0600, whole and durable.
  static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { close(descriptor) }
    try write(bytes, bytes.count, to: descriptor, path)
    guard fsync(descriptor) == 0 else { throw .ioFailed("fsync \(path): \(errorText())") }
  }

  /// Copies a file into a new one with mode 0600, whole and durable.
  static func copy(_ from: String, to path: String) throws(StoreError) {
    let source = unsafe open(from, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failure(from, "open") }
    defer { close(source) }
    let target = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw failure(path, "open") }
    defer { close(target) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe Glibc.read(source, &chunk, chunk.count)
      guard count >= 0 else { throw failure(from, "read") }
      guard count > 0 else { break }
      try write(chunk, count, to: target, path)
    }
    guard fsync(target) == 0 else { throw .ioFailed("fsync \(path): \(errorText())") }
  }

  /// Makes the names in a folder durable.
  static func syncFolder(_ path: String) throws(StoreError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .ioFailed("fsync \(path): \(errorText())") }
  }

  private static func write(_ bytes: [UInt8], _ count: Int, to descriptor: Int32, _ path: String)
    throws(StoreError)
  {
    var written = 0
    while written < count {
      let step = unsafe bytes.withUnsafeBytes { all in
        unsafe Glibc.write(descriptor, all.baseAddress?.advanced(by: written), count - written)
      }
      guard step > 0 else { throw failure(path, "write") }
      written += step
    }
  }

  static func failure(_ path: String, _ call: String) -> StoreError {
    let text = errorText()
    return errno == ENOSPC || errno == EDQUOT
      ? .diskFull("\(call) \(path): \(text)") : .unusable(path: path, why: "\(call): \(text)")
  }
}

/// What `errno` says.
func errorText() -> String { unsafe String(cString: strerror(errno)) }
