import RelayDocuments
import RelayHTTP
import RelayModel
import RelayStore
import Synchronization
import Testing

@testable import RelayUpstream

@Suite struct UpstreamCoreTests {
  private func drained(_ bench: UpstreamBench) {
    #expect(bench.drain() != nil)
    #expect(bench.central.complaints == [])
  }

  /// Answers the first requests by the table, and serves the rest.
  private func central(_ fates: CentralModel.Fate...) -> CentralModel {
    CentralModel { $0 < fates.count ? fates[$0] : .serve }
  }

  @Test func `an end leaves at once, and ends of the same moment within a second`() throws {
    let bench = try UpstreamBench()
    let first = try bench.end()
    bench.settle()
    #expect(bench.central.ends == [first])
    let second = try bench.end()
    bench.pass(.milliseconds(100))
    #expect(bench.central.ends == [first, second])
    #expect(bench.core.status.pending == 0 || bench.core.deadline != nil)
  }

  @Test func `one batch is in flight, however many ends follow meanwhile`() throws {
    let bench = try UpstreamBench()
    for _ in 0..<5 {
      try bench.end()
      bench.turn()
      bench.turn()
    }
    #expect(bench.central.requests.count == 1)
    drained(bench)
    #expect(bench.central.ends.count == 5)
  }

  @Test func `what is acknowledged is gone after the next commit`() throws {
    let bench = try UpstreamBench()
    for _ in 0..<3 { try bench.end() }
    bench.settle()
    let state = try bench.store.read { try $0.outboxState() }
    #expect(state.first == 4)
    #expect(state.pending == 0)
    #expect(bench.core.deadline != nil || bench.core.isQuiet)
  }

  @Test func `a lost answer is sent again, and harmless`() throws {
    let bench = try UpstreamBench(central(.loseAnswer, .loseAnswer))
    let id = try bench.end()
    drained(bench)
    #expect(bench.central.ends == [id])
    #expect(bench.central.requests.count == 3)
    #expect(Set(bench.central.requests.map(\.body)).count == 1)
  }

  @Test func `central's size of batch and pause are kept to`() throws {
    let central = CentralModel()
    central.state.withLock {
      $0.nextBatch = 2
      $0.minimumInterval = 60_000
    }
    let bench = try UpstreamBench(central)
    for _ in 0..<5 { try bench.end() }
    bench.settle()
    for _ in 0..<5 { try bench.end() }
    bench.pass(.seconds(59))
    #expect(central.requests.count == 1)
    bench.pass(.seconds(1))
    #expect(central.requests.compactMap { ReceivedBatch($0)?.events.count } == [5, 2])
  }

  @Test(arguments: [429, 503])
  func `it waits as long as Retry-After says, and no longer`(status: Int) throws {
    let bench = try UpstreamBench(central(.answer(status, fields: [("Retry-After", "120")])))
    try bench.end()
    bench.settle()
    bench.pass(.seconds(119))
    #expect(bench.central.requests.count == 1)
    #expect(bench.core.status.lastError == "central asks to wait")
    bench.pass(.seconds(1))
    #expect(bench.central.ends.count == 1)
    #expect(bench.core.status.lastError == nil)
  }

  @Test func `a batch that is too large is halved until it fits`() throws {
    let central = CentralModel()
    central.state.withLock { $0.capacity = 3 }
    let bench = try UpstreamBench(central)
    let ids = try (0..<20).map { _ in try bench.end() }
    drained(bench)
    #expect(central.ends == ids)
    #expect(central.requests.prefix(4).compactMap { ReceivedBatch($0)?.events.count } == [20, 10, 5, 2])
  }

  @Test func `a single summary that is too large goes without its details`() throws {
    let bench = try UpstreamBench(payloads: .all, central(.answer(413)))
    let id = try bench.end(.failed, body: "a long body")
    drained(bench)
    #expect(bench.central.ends == [id])
    #expect(bench.central.events[0]["data"]?["steps"] == [])
    #expect(bench.central.events[0]["data"]?["payload"] == nil)
    #expect(bench.central.events[0]["data"]?["error_code"] == "http_status")
  }

  @Test func `what central lost and is gone is declared, and nothing else`() throws {
    let bench = try UpstreamBench()
    for _ in 0..<4 { try bench.end() }
    drained(bench)
    bench.central.state.withLock { $0.ledgers[bench.store.epoch]?.held = 1 }
    try bench.end()
    drained(bench)
    let ledger = try #require(bench.central.state.withLock { $0.ledgers[bench.store.epoch] })
    #expect(ledger.lost == [2...4])
    #expect(ledger.held == 5)
    #expect(bench.central.ends.count == 5)
    let fields = try #require(bench.central.requests.last?.headers.all)
    #expect(fields.contains { $0.name == "Petrel-Lost" && $0.value == "2-4" })
    #expect(fields.contains { $0.name == "Petrel-First-Seq" && $0.value == "2" })
  }

  @Test func `an acknowledgement of more than was sent begins a new epoch, and all that waits is sent there`()
    throws
  {
    let bench = try UpstreamBench(central(.boast(7)))
    let before = bench.store.epoch
    let ids = try [bench.end(), bench.end()]
    drained(bench)
    let after = bench.store.epoch
    #expect(after != before)
    #expect(bench.central.ends == ids)
    #expect(bench.central.state.withLock { $0.ledgers[after]?.held } == 2)
  }

  @Test func `a central that always boasts is not asked more and more often`() throws {
    let bench = try UpstreamBench(CentralModel { _ in .boast(7) })
    try bench.end()
    bench.settle()
    #expect(bench.central.requests.count == 2)
    for _ in 0..<3600 { bench.pass(.seconds(1)) }
    #expect(bench.central.requests.count < 60)
  }

  @Test func `a restored disk begins a new epoch, and no end made after it is taken for an old one`() throws {
    let bench = try UpstreamBench()
    let old = try [bench.end(), bench.end()]
    drained(bench)
    try bench.keepFile()
    let forgotten = try (0..<3).map { _ in try bench.end() }
    drained(bench)
    let epoch = bench.store.epoch
    try bench.restoreFile()
    #expect(bench.store.epoch == epoch)
    let new = try [bench.end()]
    drained(bench)
    #expect(bench.store.epoch != epoch)
    #expect(bench.central.ends == old + forgotten + new)
  }

  @Test(arguments: [
    (200, ""), (200, "{}"), (200, #"{"acked_seq":"1"}"#), (200, #"{"acked_seq":-1}"#), (200, "<html>"),
    (204, ""), (301, ""), (400, ""), (401, ""), (404, ""), (409, "{}"), (500, ""), (429, ""), (503, ""),
    (200, #"{"acked_seq":0}"#), (409, #"{"wanted_seq":1}"#),
  ])
  func `what is no agreed answer is tried again, less and less often`(status: Int, body: String) throws {
    let bench = try UpstreamBench(CentralModel { _ in .answer(status, body: body) })
    try bench.end()
    for _ in 0..<3600 { bench.pass(.seconds(1)) }
    #expect((12...60).contains(bench.central.requests.count))
    #expect(bench.core.status.pending == 1)
    #expect(bench.core.status.lastError != nil)
    #expect(bench.core.isQuiet)
  }

  @Test func `a refused token says what to mend`() throws {
    let bench = try UpstreamBench(central(.answer(401)))
    try bench.end()
    bench.settle()
    #expect(bench.core.status.lastError?.contains("upstream.token") == true)
  }

  @Test(arguments: [false, true])
  func `what is rejected counts as acknowledged and is shown, even where central does not count it`(
    isStrict: Bool
  ) throws {
    let bench = try UpstreamBench()
    let ids = try (0..<3).map { _ in try bench.end() }
    bench.central.state.withLock {
      $0.isStrict = isStrict
      $0.rejects = [ids[1]: "unknown workflow"]
    }
    drained(bench)
    #expect(bench.central.ends == [ids[0], ids[2]])
    #expect(bench.core.status.rejected == 1)
    #expect(bench.core.status.latestRejected == [RejectedSummary(id: ids[1], reason: "unknown workflow")])
  }

  @Test func `counts stand in for the ends they were folded from, and no number is missing`() throws {
    let bench = try UpstreamBench(CentralModel { $0 == 0 ? .lose : .serve })
    for _ in 0..<30 { try bench.end() }
    bench.turn()
    while try bench.store.perform(ThinOutbox(now: bench.clock.now() + .seconds(864_000), limit: 4)) {}
    let last = try bench.end()
    drained(bench)
    #expect(bench.central.ends == [last])
    #expect(bench.central.state.withLock(\.counted) == 30)
    let rollup = try #require(bench.central.events.first)
    #expect(rollup["type"] == "io.petrel.rollup.v1")
    for member in ["hour", "workflow", "status", "count"] { #expect(rollup["data"]?[member] != nil) }
  }

  @Test func `ends folded while they are on their way do not hold up what follows`() throws {
    let bench = try UpstreamBench()
    bench.central.state.withLock { $0.nextBatch = 2 }
    for _ in 0..<2 { try bench.end() }
    drained(bench)
    for _ in 0..<6 { try bench.end() }
    bench.clock.pass(.seconds(1))
    bench.turn()
    while try bench.store.perform(ThinOutbox(now: bench.clock.now() + .seconds(864_000))) {}
    drained(bench)
  }

  @Test func `at the end what waits is tried once more, though a long pause had begun`() throws {
    let bench = try UpstreamBench(CentralModel { $0 < 9 ? .lose : .serve })
    let id = try bench.end()
    while bench.central.requests.count < 9 { bench.pass(.seconds(1)) }
    #expect(bench.core.isQuiet)
    bench.core.flush()
    #expect(!bench.core.isQuiet)
    bench.settle()
    #expect(bench.central.ends == [id])
    #expect(bench.core.isQuiet)
  }

  @Test func `at the end a Retry-After is still kept to`() throws {
    let bench = try UpstreamBench(CentralModel { _ in .answer(503, fields: [("Retry-After", "900")]) })
    try bench.end()
    bench.settle()
    bench.core.flush()
    bench.settle()
    #expect(bench.central.requests.count == 1)
    #expect(bench.core.isQuiet)
  }
}
