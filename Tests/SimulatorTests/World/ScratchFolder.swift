import Glibc

/// A folder of its own, in memory where the machine has such; gone with the object.
final class ScratchFolder {
  let path: String
  private static let names = ["data.mdb", "lock.mdb", "petrel.lock"]

  init() {
    let base = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/petrel-simulator-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
      return unsafe String(cString: made)
    }
    precondition(!path.isEmpty, "no folder for a simulated store could be made")
  }

  deinit {
    for name in Self.names { _ = unsafe unlink("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }

  /// The data file's bytes, to be put back later.
  func image() -> [UInt8] {
    guard let file = unsafe fopen("\(path)/data.mdb", "rb") else { return [] }
    defer { unsafe fclose(file) }
    var image: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe fread(&block, 1, block.count, file), count > 0 { image += block[..<count] }
    return image
  }

  /// Puts the data file back as it was: the machine lost what it had promised to keep.
  func restore(_ image: [UInt8]) {
    guard let file = unsafe fopen("\(path)/data.mdb", "wb") else { return }
    defer { unsafe fclose(file) }
    _ = unsafe fwrite(image, 1, image.count, file)
  }
}
