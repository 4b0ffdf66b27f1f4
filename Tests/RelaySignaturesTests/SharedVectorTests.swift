import Glibc
import RelayDocuments
import RelaySignatures
import Testing

/// The vectors that lie beside the repository: every line gives what it expects.
@Suite struct SharedVectorTests {
  @Test(.enabled(if: SharedFiles.exists("signatures/vectors.jsonl")))
  func `every shared vector gets the answer that it expects`() throws {
    let text = try #require(SharedFiles.read("signatures/vectors.jsonl"))
    var count = 0
    for line in text.split(separator: 10) {
      let vector = try JSON.parse(Array(line))
      let answer = VectorLine.answer(Array(line))
      let name = "\(vector["provider"]?.string ?? "")/\(vector["name"]?.string ?? "")"
      let isRight = answer["accepted"]?.bool == (vector["expect"]?.string == "accept")
      #expect(isRight, "\(name): \(vector["reason"]?.string ?? "") → \(answer.text)")
      #expect(answer["reason"]?.string != "bad_input", "\(name) → \(answer.text)")
      count += 1
    }
    #expect(count > 2000)
  }
}

/// Files beside the repository, which a bare clone does not have.
enum SharedFiles {
  private static let folder: String = {
    if let set = unsafe getenv("PETREL_SHARED") { return unsafe String(cString: set) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/../shared"
  }()

  static func exists(_ name: String) -> Bool { unsafe access("\(folder)/\(name)", R_OK) == 0 }

  static func read(_ name: String) -> [UInt8]? {
    guard let file = unsafe fopen("\(folder)/\(name)", "r") else { return nil }
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
