import Glibc
import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Branches whose store was damaged and salvaged.
@Suite struct SalvagedBranchesTests {
  private let nested = """
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"out","parallel":{
        "x":[{"id":"each","forEach":{"in":"[1, 2, 3, 4, 5]","concurrency":2,"steps":[
               {"id":"a","http":{"url":"https://x.example/{{ item }}"}},{"id":"nap","wait":"1h"}]}}],
        "y":[{"id":"nap","wait":"2h"},{"id":"a","http":{"url":"https://x.example/y"}}],
        "z":[{"id":"a","http":{"url":"https://x.example/z"}}]}},
      {"id":"after","http":{"url":"https://x.example/after"}}]}
    """

  /// Three executions in the midst of their branches, and one that failed there.
  private func storm(_ bench: EngineBench) throws -> [RecordKey] {
    let keys = try (0..<4).map { _ in try bench.accept(nested) }
    for path in ["z", "1"] {
      for sent in bench.transport.open where sent.request.url.hasSuffix("/\(path)") {
        let isFirst = sent.header("Idempotency-Key")?.hasPrefix(bench.id(keys[0])) == true
        bench.transport.answer(isFirst && path == "z" ? 404 : 200, number: Int(sent.token.number))
      }
      bench.settle()
    }
    return keys
  }

  /// Answers everything and lets time pass until nothing follows.
  private func calm(_ bench: EngineBench, from first: Int) {
    for _ in 0..<60 {
      for number in bench.transport.unanswered(from: first) { bench.transport.answer(200, number: number) }
      bench.settle()
      bench.pass(.seconds(1800))
    }
  }

  private func stored(_ key: RecordKey, _ bench: EngineBench) throws -> ExecutionRecord? {
    try bench.store.read { (snapshot) throws(StoreError) in try snapshot.execution(key) }
  }

  @Test func `a sound store loses nothing of them, and each goes on where it stood`() throws {
    let bench = try EngineBench(executions: 64)
    let keys = try storm(bench)
    let before = bench.transport.count
    #expect(try bench.salvage().leftOut == [])
    #expect(try bench.findings() == [])
    calm(bench, from: before)
    for key in keys.dropFirst() { #expect(try bench.execution(key).status == .succeeded) }
    #expect(try bench.execution(keys[0]).status == .failed)
    let done = bench.transport.sent[before...].map(\.request.url)
    #expect(!done.contains("https://x.example/1") && !done.contains("https://x.example/z"), "they were over")
    #expect(bench.store.permits.available == 64)
    #expect(try bench.findings() == [])
  }

  @Test(arguments: 0..<40)
  func `whatever page is lost, what is left comes to an end`(seed: Int) throws {
    let bench = try EngineBench(executions: 64)
    let keys = try storm(bench)
    let before = bench.transport.count
    try bench.salvage { file in try Self.spoil(file, seed: UInt64(seed)) }
    #expect(try bench.findings() == [])
    calm(bench, from: before)
    for key in keys {
      guard let record = try stored(key, bench) else { continue }
      #expect(record.status.isFinal, "\(record.status) \(record.reason ?? "")")
      guard record.status == .succeeded else { continue }
      let sent = bench.transport.sent.filter {
        $0.header("Idempotency-Key")?.hasPrefix(bench.id(key)) == true
      }
      #expect(Set(sent.map { $0.request.url.dropFirst(18) }) == ["1", "2", "3", "4", "5", "y", "z", "after"])
    }
    #expect(bench.store.permits.available == 64)
    #expect(try bench.findings() == [])
  }

  /// Fills one page with garbage, but not one of the two that say where everything is.
  private static func spoil(_ file: String, seed: UInt64) throws {
    var random = StormRandom(seed &+ 7)
    let descriptor = unsafe open(file, O_RDWR)
    defer { close(descriptor) }
    let pages = Int(lseek(descriptor, 0, SEEK_END)) / 4096
    let garbage = (0..<4096).map { _ in UInt8(random.below(256)) }
    let page = 2 + random.below(pages - 2)
    #expect(unsafe pwrite(descriptor, garbage, garbage.count, off_t(page * 4096)) == garbage.count)
  }
}
