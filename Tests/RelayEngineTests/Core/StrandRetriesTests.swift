import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// What a retry finds of branches that were under way side by side.
@Suite struct StrandRetriesTests {
  private func call(_ id: String) -> String { #"{"id":"\#(id)","http":{"url":"https://x.example/\#(id)"}}"# }

  private func accept(_ steps: String, onFailure: String = "", _ bench: EngineBench) throws -> RecordKey {
    try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[\#(steps)],"onFailure":[\#(onFailure)]}"#)
  }

  private func answer(_ id: String, _ status: Int, _ bench: EngineBench) throws {
    let asking = bench.transport.open.last { $0.request.url == "https://x.example/\(id)" }
    let sent = try #require(asking, "nothing asks for \(id)")
    bench.transport.answer(status, number: Int(sent.token.number))
    bench.settle()
  }

  private func retry(_ key: RecordKey, _ bench: EngineBench) throws {
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
    bench.settle()
  }

  private func isSound(_ bench: EngineBench) throws {
    let report = try bench.store.read { (snapshot) throws(StoreError) in try Checker.check(snapshot) }
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func `a retry goes on with the branches after an onFailure that took its time`() throws {
    let bench = try EngineBench()
    let key = try accept(
      #"{"id":"fan","parallel":{"x":[\#(call("a"))],"y":[\#(call("b"))],"z":[\#(call("c"))]}}"#,
      onFailure: #"{"id":"rest","wait":"1m"}"#, bench)
    try answer("a", 200, bench)
    try answer("c", 200, bench)
    try answer("b", 400, bench)
    bench.pass(.seconds(60))
    #expect(try bench.execution(key).status == .failed)
    #expect(try bench.execution(key).resumeAt == .start)
    try retry(key, bench)
    try answer("b", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.transport.sent.count == 4)
    try isSound(bench)
  }

  @Test func `what was made of a failed branch stays once something follows it`() throws {
    let bench = try EngineBench()
    let key = try accept(
      """
      {"id":"fan","continueOnError":true,"parallel":{"x":[\(call("a"))],"y":[\(call("b"))]}},
      {"id":"next","http":{"method":"POST","url":"https://x.example/next","json":"{{ steps.fan }}"}}
      """, bench)
    try answer("a", 400, bench)
    try answer("b", 200, bench)
    let first = try #require(bench.transport.open.last)
    #expect(first.body.contains("http_status"))
    #expect(try bench.store.perform(Cancel(execution: key, now: bench.time.now())) == .cancelled)
    bench.settle()
    try retry(key, bench)
    let again = try #require(bench.transport.open.last)
    #expect(again.body == first.body, "one key, one request")
    #expect(again.header("Idempotency-Key") == first.header("Idempotency-Key"))
    try answer("next", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    try isSound(bench)
  }

  @Test func `a stop in branches of a branch leaves nothing of them`() throws {
    let bench = try EngineBench()
    let key = try accept(
      """
      {"id":"fan","parallel":{
        "x":[{"id":"in","parallel":{"p":[{"id":"end","stop":"enough"}],"q":[\(call("a"))]}}],"y":[\(call("b"))]}}
      """, bench)
    try answer("a", 200, bench)
    try answer("b", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    try isSound(bench)
  }

  @Test func `a stop in a branch holds for the retry of another`() throws {
    let bench = try EngineBench()
    let key = try accept(
      """
      {"id":"fan","parallel":{"x":[{"id":"end","stop":"enough"}],"y":[\(call("a"))]}},\(call("never"))
      """, bench)
    try answer("a", 400, bench)
    #expect(try bench.execution(key).status == .failed)
    try retry(key, bench)
    try answer("a", 200, bench)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(bench.transport.open.isEmpty)
    try isSound(bench)
  }
}
