internal import Glibc

/// Reads and writes small files: configuration, workflows, keys, payloads of commands.
package enum LocalFile {
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    /// What the system said: `No such file or directory`.
    package var reason: String
    /// Whether there is no such file.
    package var isMissing: Bool
    /// Whether something is there that must not be replaced.
    package var isTaken: Bool

    init(_ path: String, errno code: Int32) {
      self.path = path
      self.reason = unsafe String(cString: strerror(code))
      self.isMissing = code == ENOENT || code == ENOTDIR
      self.isTaken = code == EEXIST
    }

    init(_ path: String, _ reason: String) {
      self.path = path
      self.reason = reason
      self.isMissing = false
      self.isTaken = false
    }

    package var description: String { "\(path): \(reason)" }
  }

  /// The bytes of the file at `path` (`-` is standard input), refused over `limit` bytes.
  package static func read(_ path: String, limit: Int = 64 << 20) throws(Failure) -> [UInt8] {
    let descriptor = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path, errno: errno) }
    defer { if descriptor > 0 { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(path, errno: errno) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else { throw Failure(path, "larger than \(limit) bytes") }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Makes the file at `path` with exactly `mode`; refused where it exists, unless it `replaces`. The
  /// bytes are on disk when it returns.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, replaces: Bool = false
  ) throws(Failure) {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replaces ? O_TRUNC : O_EXCL)
    let descriptor = unsafe open(path, flags, mode)
    guard descriptor >= 0 else { throw Failure(path, errno: errno) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(path, errno: errno) }
      rest = rest.dropFirst(count)
    }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw Failure(path, errno: errno) }
  }

  /// The names in a folder, sorted, without those that begin with a dot.
  package static func names(in folder: String) throws(Failure) -> [String] {
    guard let directory = unsafe opendir(folder) else { throw Failure(folder, errno: errno) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Moves a file in place of another, durably.
  package static func rename(_ path: String, to target: String) throws(Failure) {
    guard unsafe Glibc.rename(path, target) == 0 else { throw Failure(target, errno: errno) }
    let folder = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
    let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(folder, errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure(folder, errno: errno) }
  }

  /// The permission bits.
  package static func mode(of path: String) throws(Failure) -> UInt32 {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw Failure(path, errno: errno) }
    return status.st_mode & 0o7777
  }

  /// Whether something is at `path`.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Makes a folder and those above it that are missing.
  package static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(Failure) {
    if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw Failure(path, errno: errno)
    }
    try makeFolder(String(path[..<slash]))
    guard unsafe mkdir(path, mode) == 0 else { throw Failure(path, errno: errno) }
  }

  /// `path` from the folder `base`; `.` and `..` inside stay as they are.
  package static func resolve(_ path: String, from base: String) -> String {
    if path.hasPrefix("/") { return path }
    var rest = Substring(path)
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    if rest.isEmpty || rest == "." { return base }
    return base.hasSuffix("/") ? base + rest : "\(base)/\(rest)"
  }

  /// The absolute form of `path`, from the working folder.
  package static func absolute(_ path: String) throws(Failure) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = unsafe getcwd(nil, 0) else { throw Failure(".", errno: errno) }
    defer { unsafe free(folder) }
    return resolve(path, from: unsafe String(cString: folder))
  }
}
