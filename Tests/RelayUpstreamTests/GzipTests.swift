import Glibc
import Testing

@testable import RelayUpstream

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 1000, 300_000])
  func `gzip reads back what was written`(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    #expect(try gunzip(Gzip.compress(bytes)) == bytes)
  }

  @Test func `repetition is compressed`() {
    #expect(Gzip.compress([UInt8](repeating: 7, count: 100_000)).count < 1000)
  }

  struct Failure: Error {}

  /// Debian's own gzip is the judge.
  private func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    var template = Array("/tmp/petrel-gzip-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0, unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Failure()
    }
    close(descriptor)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unsafe unlink(path) }
    guard let pipe = unsafe popen("gzip -dc < \(path)", "r") else { throw Failure() }
    var plain: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, pipe)
      if count == 0 { break }
      plain.append(contentsOf: chunk[..<count])
    }
    guard unsafe pclose(pipe) == 0 else { throw Failure() }
    return plain
  }
}
