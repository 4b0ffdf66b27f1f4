import Glibc

/// A folder of a test's own, removed at its end unless PETREL_KEEP is set.
final class Folder: Sendable {
  let path: String

  struct Failure: Error {
    let what: String
  }

  init() throws {
    var template = Array("/tmp/petrel-test-XXXXXX".utf8CString)
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
