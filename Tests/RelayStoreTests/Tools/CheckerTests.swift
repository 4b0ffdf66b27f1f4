import RelayModel
import Testing

@testable import RelayStore

@Suite struct CheckerTests {
  /// What a test breaks, and the word that the finding must have in it.
  struct Break: Sendable, CustomTestStringConvertible {
    let name: String
    let word: String
    let apply: @Sendable (inout WriteTransaction, EnqueueAnswer) throws(StoreError) -> Void
    var testDescription: String { name }
  }

  static let breaks: [Break] = [
    Break(name: "a due entry is gone", word: "never due") { transaction, answer throws(StoreError) in
      let record = try transaction.snapshot.execution(answer.executions[1])
      guard let record, let due = record.due else { return }
      try transaction.delete(.due, DueKey.make(answer.executions[1], record, at: due))
    },
    Break(name: "what one waits for is not there", word: "nothing will ever wake it") {
      transaction, answer throws(StoreError) in
      guard var record = try transaction.snapshot.execution(answer.executions[1]) else { return }
      try transaction.park(answer.executions[1], &record, until: .distantFuture, reason: nil)
    },
    Break(name: "an ended execution is due", word: "not due then") { transaction, answer throws(StoreError) in
      let record = try transaction.snapshot.execution(answer.executions[0])
      guard let record else { return }
      try transaction.putIndex(.due, DueKey.make(answer.executions[0], record, at: .epoch))
    },
    Break(name: "an execution runs that waits", word: "among the running") {
      transaction, answer throws(StoreError) in
      try transaction.putIndex(.running, KeyBytes(answer.executions[1]))
    },
    Break(name: "an event is gone", word: "its event is not stored") {
      transaction, answer throws(StoreError) in
      try transaction.delete(.events, KeyBytes(answer.event))
    },
    Break(name: "an execution is gone", word: "its execution is not stored") {
      transaction, answer throws(StoreError) in
      try transaction.delete(.executions, KeyBytes(answer.executions[0]))
    },
    Break(name: "a dead letter is not listed", word: "listed as deadLetter") {
      transaction, answer throws(StoreError) in
      try transaction.delete(.byStatus, StatusClass.deadLetter.key(answer.executions[0]))
    },
    Break(name: "an ended one is not listed under its workflow", word: "listed as ended") {
      transaction, answer throws(StoreError) in
      try transaction.delete(.byWorkflow, WorkflowKey.make("a", answer.executions[0]))
    },
    Break(name: "a list names another workflow", word: "no ended one of this workflow") {
      transaction, answer throws(StoreError) in
      try transaction.putIndex(.byWorkflow, WorkflowKey.make("z", answer.executions[0]))
    },
    Break(name: "an outbox entry is gone", word: "missing") { transaction, _ throws(StoreError) in
      try transaction.delete(.outbox, KeyBytes(UInt64(1)))
    },
    Break(name: "a count is wrong", word: "counted as") { transaction, _ throws(StoreError) in
      var state = try transaction.snapshot.state()
      state.deadLetters += 1
      try transaction.put(.meta, MetaKey.state, state)
    },
    Break(name: "the high-water mark went back", word: "highest that was given") {
      transaction, _ throws(StoreError) in
      var state = try transaction.snapshot.state()
      state.lastKey = RecordKey(rawValue: 1)
      try transaction.put(.meta, MetaKey.state, state)
    },
    Break(name: "a kept request has no step", word: "kept request") {
      transaction, answer throws(StoreError) in
      try transaction.put(.requests, KeyBytes(answer.executions[1]), KeptRequest(bytes: [1]))
    },
    Break(name: "a step stands under another path", word: "path of another") {
      transaction, answer throws(StoreError) in
      let entry = JournalEntry.sample(path: .failureStart, at: .epoch)
      try transaction.put(.journal, KeyBytes(answer.executions[0], .start), entry)
    },
    Break(name: "a piece has no owner", word: "piece") { transaction, _ throws(StoreError) in
      try transaction.put(.pieces, Pieces.key(.journal, KeyBytes(UInt64(5)), 0), Piece([1]))
    },
    Break(name: "a refused request is not listed", word: "listed under its hook") {
      transaction, _ throws(StoreError) in
      let request = IncomingRequest(
        method: "POST", target: "/", headers: HeaderFields(), body: [], receivedAt: .epoch, client: "")
      let record = RejectedRecord(hook: "h", code: .replayed, detail: "", request: request)
      try transaction.put(.rejected, KeyBytes(UInt64(5)), record)
    },
    Break(name: "a record is damaged", word: "damaged") { transaction, answer throws(StoreError) in
      try transaction.put(.executions, KeyBytes(answer.executions[0]), DamageNote(at: .epoch))
    },
  ]

  @Test(arguments: breaks)
  func `each disagreement is found and has a fix`(broken: Break) throws {
    let test = try TestStore(executions: 1)
    let answer = try test.enqueue(workflows: ["a", "b"])
    try test.end(answer.executions[0], .failed)
    #expect(try test.store.read { try Checker.check($0) }.findings == [])
    try test.store.opened().write { transaction throws(StoreError) in try broken.apply(&transaction, answer) }
    let findings = try test.store.read { try Checker.check($0) }.findings
    #expect(findings.contains { $0.what.contains(broken.word) }, "\(findings)")
    #expect(findings.allSatisfy { !$0.fix.isEmpty })
  }

  @Test func `the pages of a sound store are sound`() throws {
    let test = try TestStore()
    for number in 0..<300 {
      let answer = try test.enqueue(
        body: String(repeating: "c", count: number * 40), mark: .sample(UInt64(number)))
      if number % 3 == 0 { try test.end(answer.executions[0]) }
    }
    test.clock.pass(.seconds(100))
    try test.sweep(Retention(succeeded: .seconds(1), failed: .seconds(1), dedupe: .seconds(1)))
    test.store.drainAndClose()
    #expect(StructureCheck.check(directory: test.folder.path) == [])
    let report = try Checker.check(directory: test.folder.path, time: test.clock, random: test.random)
    #expect(report.findings == [])
    #expect(report.records > 300)
  }
}
