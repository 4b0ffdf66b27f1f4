import Glibc

/// One text file of the repository.
struct SourceFile {
  let path: String
  let lines: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      Self.withoutComment(String($0))
    }
  }

  /// The module below `Sources/` that the file belongs to.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index + 1 < words.count, index <= 1 else {
        return nil
      }
      return String(words[index + 1])
    }
  }

  /// The line up to a comment; a mark of unfinished work counts in comments too, so that rule keeps them.
  private static func withoutComment(_ line: String) -> String {
    guard let slashes = line.firstRange(of: "//"), !line.contains("://") else { return line }
    let marks = ["TODO", "FIXME", "XXX:"]
    return marks.contains { line.contains($0) } ? line : String(line[..<slashes.lowerBound])
  }
}

/// The files that the rules cover.
struct SourceTree {
  let files: [SourceFile]

  enum Failure: Error { case unreadable(String) }

  static func repository() throws -> SourceTree {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    var files: [SourceFile] = []
    for folder in ["Sources", "Tests"] { try collect("\(root)/\(folder)", folder, into: &files) }
    return SourceTree(files: files)
  }

  private static func collect(_ path: String, _ name: String, into files: inout [SourceFile]) throws {
    guard let directory = unsafe opendir(path) else { throw Failure.unreadable(path) }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let child = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard !child.hasPrefix(".") else { continue }
      if unsafe entry.pointee.d_type == UInt8(DT_DIR) {
        try collect("\(path)/\(child)", "\(name)/\(child)", into: &files)
      } else if child.hasSuffix(".swift") {
        files.append(SourceFile(path: "\(name)/\(child)", text: try read("\(path)/\(child)")))
      }
    }
  }

  private static func read(_ path: String) throws -> String {
    guard let file = unsafe fopen(path, "rb") else { throw Failure.unreadable(path) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}
