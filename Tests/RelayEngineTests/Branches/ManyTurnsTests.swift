import RelayEngine
import RelayHTTP
import RelayModel
import Testing

@testable import RelayStore

/// Very many turns side by side.
@Suite struct ManyTurnsTests {
  private let call = #"{"id":"a","http":{"url":"https://x.example/{{ item }}"}}"#

  private func loop(_ turns: Int, concurrency: Int, _ steps: String) -> String {
    #"{"id":"each","forEach":{"in":"lists.range(\#(turns))","concurrency":\#(concurrency),"steps":[\#(steps)]}}"#
  }

  private func document(_ steps: String) -> String {
    #"{"name":"sample","on":{"hook":"inbox"},"steps":[\#(steps)]}"#
  }

  @Test(.timeLimit(.minutes(3)))
  func
    `ten thousand turns side by side are each run once, over crashes, with as many strands as may be under way`()
    throws
  {
    let bench = try EngineBench(executions: 40)
    let key = try bench.accept(
      document(
        loop(10_000, concurrency: 50, call)
          + #",{"id":"after","set":{"n":"{{ size(steps.each) }}","last":"{{ steps.each[9999].status }}"}}"#))
    var answered = 0
    for round in 0..<20_000 {
      let open = bench.transport.unanswered(from: answered)
      if open.isEmpty { break }
      #expect(open.count <= 40)
      for number in open { bench.transport.answer(200, number: number) }
      bench.settle()
      answered = open[0]
      if round % 100 == 50 {
        answered = bench.transport.count
        try bench.crash()
      }
    }
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"n":10000,"last":200}"#)
    #expect(Set(bench.transport.sent.map { $0.header("Idempotency-Key") }).count == 10_000)
    #expect(bench.store.permits.available == 40)
    #expect(try bench.findings() == [])
  }

  @Test func `the steps of all branches together come to the bound, and nothing goes on then`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        #"{"id":"fan","continueOnError":true,"parallel":{"x":[\#(calls)],"y":[\#(calls)]}},"#
          + #"{"id":"after","http":{"url":"https://x.example/after"}}"#))
    try bench.store.perform(CountSteps(execution: key, steps: EngineBounds.steps - 1))
    while !bench.transport.open.isEmpty {
      bench.transport.answer(200)
      bench.settle()
    }
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == "too_many_steps")
    #expect(bench.transport.sent.count == 4, "each branch learns of it with the record of its next step")
    #expect(bench.store.permits.available == 256)
    #expect(try bench.findings() == [])
  }

  private let calls = ["a", "b", "c"].map { #"{"id":"\#($0)","http":{"url":"https://x.example/\#($0)"}}"# }
    .joined(separator: ",")
}

/// Takes an execution to have done so many steps.
private struct CountSteps: Transition {
  let execution: RecordKey
  let steps: Int

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    guard var record = try transaction.snapshot.execution(execution) else { return }
    record.stepsDone = steps
    try transaction.put(.executions, KeyBytes(execution), record)
  }
}
