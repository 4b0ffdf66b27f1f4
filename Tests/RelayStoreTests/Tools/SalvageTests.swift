import Glibc
import RelayModel
import Testing

@testable import RelayStore

@Suite struct SalvageTests {
  private struct Filled {
    let test: TestStore
    var accepted: [EnqueueAnswer] = []
  }

  /// A closed store with a bit of everything.
  private func filled() throws -> Filled {
    var filled = Filled(test: try TestStore(executions: 30))
    let test = filled.test
    for number in 0..<80 {
      let body = String(repeating: "s", count: number * 90)
      let answer = try test.enqueue(body: body, mark: .sample(UInt64(number)))
      filled.accepted.append(answer)
      if number < 20 { try test.end(answer.executions[0], number % 3 == 0 ? .failed : .succeeded) }
    }
    let new = NewExecution(workflow: "again", version: 1, origin: .replay)
    _ = try test.store.perform(
      Replay(event: filled.accepted[0].event, executions: [new], background: true, now: test.now))
    let running = filled.accepted[25].executions[0]
    let wait = Advance.Wait(
      position: .start, until: test.now, reason: "", attempt: 1, firstAttemptAt: test.now,
      request: [UInt8](repeating: 1, count: 9000))
    _ = try test.store.perform(
      Advance(execution: running, revision: 0, journal: [], next: .wait(wait), at: test.now))
    _ = try test.store.perform(AcknowledgeOutbox(upTo: 4))
    let document = [UInt8](repeating: 2, count: 6000)
    _ = try test.store.perform(
      RegisterVersion(name: "flow", document: document, hash: [UInt8](repeating: 3, count: 32), vars: [1]))
    test.store.drainAndClose()
    return filled
  }

  private func salvage(_ test: TestStore) throws -> Salvage.Report {
    try Salvage.run(
      directory: test.folder.path, maxSize: .gibibytes(1), time: test.clock, random: test.random)
  }

  @Test func `a sound store loses nothing, and keeps its ids and its epoch`() throws {
    let filled = try filled()
    let test = filled.test
    let before = (tag: test.store.tag, epoch: test.store.epoch)
    let report = try salvage(test)
    #expect(report.leftOut == [])
    try test.openAgain()
    #expect(test.store.tag == before.tag)
    #expect(test.store.epoch == before.epoch)
    try test.store.read { snapshot throws in
      #expect(try Checker.check(snapshot).findings == [])
      let counters = try snapshot.counters()
      #expect(counters.events == 80)
      #expect(counters.executions[.succeeded] == 13)
      #expect(counters.deadLetters == 7)
      #expect(counters.backlog == 61)
      #expect(try snapshot.outboxState().pending == 16)
      #expect(try snapshot.executionsOf(event: filled.accepted[0].event).count == 2)
      #expect(try snapshot.keptRequest(of: filled.accepted[25].executions[0])?.count == 9000)
      #expect(try snapshot.version(1)?.document.count == 6000)
    }
    for (number, answer) in filled.accepted.enumerated() {
      #expect(try test.enqueue(mark: .sample(UInt64(number))).event == answer.event)
    }
    #expect(Set(try Files.names(in: test.folder.path)).contains("data.mdb.damaged"))
  }

  @Test(arguments: 0..<30)
  func `a page of garbage costs what stood on it, and the rest is a sound store`(seed: Int) throws {
    let filled = try filled()
    let test = filled.test
    let random = TestRandom(UInt64(seed) &+ 4242)
    let file = "\(test.folder.path)/data.mdb"
    let page = 2 + random.below(try Files.size(of: file) / 4096 - 2)
    let garbage = (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
    let descriptor = unsafe open(file, O_RDWR)
    _ = unsafe pwrite(descriptor, garbage, garbage.count, off_t(page * 4096))
    close(descriptor)
    let report = try salvage(test)
    try test.openAgain()
    try test.store.read { snapshot throws in
      #expect(try Checker.check(snapshot).findings == [])
      for answer in filled.accepted {
        if let event = try snapshot.event(answer.event) {
          #expect(event.body == [UInt8](repeating: UInt8(ascii: "s"), count: event.record.bodySize))
        } else {
          #expect(!report.leftOut.isEmpty)
        }
      }
    }
    let next = try test.enqueue()
    #expect(next.event > filled.accepted[79].event)
    #expect(StructureCheck.check(directory: test.folder.path) == [])
  }

  @Test func `a store in use is left alone`() throws {
    let test = try TestStore()
    #expect(throws: StoreError.busy(path: test.folder.path)) { try salvage(test) }
  }
}
