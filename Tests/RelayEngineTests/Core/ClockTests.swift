import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Steps of the wall clock: no retry comes early, late, or together with all the others.
@Suite struct ClockTests {
  private let sample =
    #"{"name":"sample","on":{"hook":"inbox"},"retry":{"jitter":"none"},"steps":[{"id":"a","http":{"url":"https://x.example/"}}]}"#

  private func backingOff(_ seconds: Int) throws -> (EngineBench, RecordKey) {
    let bench = try EngineBench()
    let key = try bench.accept(sample)
    bench.transport.answer(503, [("Retry-After", "\(seconds)")])
    bench.settle()
    return (bench, key)
  }

  @Test(arguments: [86_400, -86_400])
  func `a retry keeps its distance when the wall clock is set`(step: Int) throws {
    let (bench, _) = try backingOff(600)
    bench.time.setWall(by: .seconds(step))
    bench.settle()
    bench.pass(.seconds(500))
    #expect(bench.transport.sent.count == 1)
    bench.pass(.seconds(200))
    #expect(bench.transport.sent.count == 2)
  }

  @Test func `a clock that went back while the relay was down delays nothing`() throws {
    let (bench, _) = try backingOff(600)
    bench.time.setWall(by: .seconds(-86_400))
    try bench.crash()
    // Until both clocks agree again, the engine's runs a tenth slower.
    bench.pass(.seconds(670))
    #expect(bench.transport.sent.count == 2)
  }

  @Test func `a step that begins after the clock was set back has all of its time`() throws {
    let bench = try EngineBench()
    bench.time.setWall(by: .seconds(-86_400))
    bench.settle()
    let key = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"retry":{"for":"10m"},"steps":[{"id":"a","http":{"url":"https://x.example/"}}]}"#
    )
    bench.transport.answer(500)
    bench.settle()
    #expect(try bench.execution(key).status == .waiting)
  }

  @Test func `what finds no permit after the clock was set forward does not wait for it`() throws {
    let bench = try EngineBench(executions: 1)
    let version = try bench.register(sample)
    try bench.accept(version: version)
    bench.time.setWall(by: .seconds(86_400))
    bench.settle()
    try bench.accept(version: version)
    bench.transport.answer(200)
    bench.settle()
    #expect(bench.transport.sent.count == 2)
  }
}
