import Glibc

/// A folder of its own for one test, gone with it.
final class TestFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/petrel-service-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
      return unsafe String(cString: made)
    }
    precondition(!path.isEmpty, "no folder for a test could be made")
  }

  /// Writes a file into it; answers its path.
  func write(_ name: String, _ text: String) throws -> String {
    let file = unsafe fopen("\(path)/\(name)", "w")
    guard let file = unsafe file, unsafe fputs(text, file) >= 0, unsafe fclose(file) == 0 else {
      throw WriteFailure(path: name)
    }
    return "\(path)/\(name)"
  }

  struct WriteFailure: Error {
    let path: String
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    guard let directory = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      if unsafe unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    }
    unsafe closedir(directory)
    unsafe rmdir(path)
  }
}
