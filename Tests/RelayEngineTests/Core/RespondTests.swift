import RelayEngine
import RelayModel
import RelayStore
import Synchronization
import Testing

/// `respond`.
@Suite struct RespondTests {
  /// What the commits of a bench's store told.
  private final class Told: Sendable {
    let answers = Mutex<[(event: RecordKey, answer: HookAnswer)]>([])
  }

  private func listen(_ bench: EngineBench) -> Told {
    let told = Told()
    bench.store.onCommit { notices in
      for case .answered(let event, let answer) in notices {
        told.answers.withLock { $0.append((event, answer)) }
      }
    }
    return told
  }

  private let document = #"""
    {"name":"sample","on":{"hook":"inbox"},"steps":[
      {"id":"show","respond":{"status":"{{ event.body.code }}","headers":{"X-A":"{{ event.body.a }}"},
        "json":{"text":"hello {{ event.body.name }}"}}},
      {"id":"log","http":{"url":"https://x.example/"}}]}
    """#

  @Test func `the answer is told with the commit that has it on record, before the next step`() throws {
    let bench = try EngineBench()
    let told = listen(bench)
    let key = try bench.accept(document, event: #"{"code":201,"a":"b","name":"Ada"}"#)
    let answers = told.answers.withLock { $0 }
    #expect(answers.count == 1)
    #expect(answers.first?.event == (try bench.execution(key).event))
    #expect(answers.first?.answer.status == 201)
    #expect(answers.first?.answer.headers.first("Content-Type") == "application/json")
    #expect(answers.first?.answer.headers.first("X-A") == "b")
    #expect(answers.first?.answer.body == Array(#"{"text":"hello Ada"}"#.utf8))
    #expect(
      try bench.story(key) == [
        #"show succeeded {"status":201,"headers":{"content-type":"application/json","x-a":"b"},"#
          + #""body":{"text":"hello Ada"}}"#
      ])
    #expect(bench.transport.open.count == 1)
  }

  @Test func `one that is not on record is made again after a death, and one that is, is not`() throws {
    let bench = try EngineBench()
    let version = try bench.register(document)
    bench.store.submit(
      Enqueue(
        event: bench.arrival(#"{"code":200,"a":"b","name":"Ada"}"#).event,
        executions: [NewExecution(workflow: "sample", version: version)], mark: nil, now: bench.time.now())
    ) { _ in }
    bench.store.pump()
    bench.core.run()
    try bench.crash(.crashBefore, settles: false)
    let told = listen(bench)
    bench.settle()
    #expect(told.answers.withLock { $0.count } == 1)
    try bench.crash(.crashAfter, settles: false)
    let again = listen(bench)
    bench.settle()
    #expect(again.answers.withLock { $0.count } == 0)
  }

  @Test func `as the last step it is told with the end`() throws {
    let bench = try EngineBench()
    let told = listen(bench)
    let key = try bench.accept(
      #"{"name":"sample","on":{"hook":"inbox"},"steps":[{"id":"show","respond":{"status":204}}]}"#)
    #expect(try bench.execution(key).status == .succeeded)
    #expect(told.answers.withLock { $0.map(\.answer.status) } == [204])
  }

  @Test(arguments: ["99", "600", "x", "{{ null }}"])
  func `what is no status fails the step`(code: String) throws {
    let bench = try EngineBench()
    let key = try bench.accept(document, event: #"{"code":"\#(code)","a":"b","name":"Ada"}"#)
    #expect(try bench.execution(key).failure?.code == "bad_value")
  }
}
