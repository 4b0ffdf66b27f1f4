import Glibc

/// The folder of this test target.
private let testFolder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")

/// The requests and keys that lie in this test target's own folder.
enum LiteralFiles {
  /// A file's bytes; nil when it cannot be read.
  static func read(_ name: String) -> [UInt8]? { FileBytes.read("\(testFolder)/Literals/\(name)") }
}

/// Files beside the repository, which a bare clone does not have.
enum SharedFiles {
  private static let folder =
    if let set = unsafe getenv("PETREL_SHARED") {
      unsafe String(cString: set)
    } else {
      "\(testFolder)/../../../shared"
    }

  static func exists(_ name: String) -> Bool { unsafe access("\(folder)/\(name)", R_OK) == 0 }

  static func read(_ name: String) -> [UInt8]? { FileBytes.read("\(folder)/\(name)") }
}

private enum FileBytes {
  static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
