import RelayEngine
import RelayHTTP
import RelayModel
import RelayStore
import Testing

/// Bulk replay beside live events.
@Suite struct ReplayTests {
  private let sample =
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"a","http":{"url":"https://x.example/"}},{"id":"b","http":{"url":"https://x.example/b"}}]}"#

  private func answerAll(_ bench: EngineBench) {
    for sent in bench.transport.open { bench.transport.answer(200, number: Int(sent.token.number)) }
    bench.settle()
  }

  @Test func `a bulk replay of ten thousand holds up no live event`() throws {
    let places = 16
    let bench = try EngineBench(executions: places)
    let version = try bench.register(sample)
    let event = try bench.execution(bench.accept(version: version)).event
    let replayed = NewExecution(workflow: "sample", version: version, origin: .replay)
    for _ in 0..<10 {
      _ = try bench.store.perform(
        Replay(
          event: event, executions: Array(repeating: replayed, count: 1000), background: true,
          now: bench.time.now()))
    }
    bench.settle()
    #expect(bench.transport.open.count == places, "the replay has every place")
    let live = try (0..<64).map { _ in try bench.accept(version: version) }
    var rounds = 0
    while try live.contains(where: { try bench.execution($0).status != .succeeded }), rounds < 100 {
      answerAll(bench)
      rounds += 1
    }
    // Two steps each, sixteen at a time, behind the sixteen that had begun.
    #expect(rounds <= 2 * (live.count / places) + 4)
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] ?? 0 < live.count + 3 * places)
  }
}
