import RelayEngine
import RelayHTTP
import RelayModel
import RelaySandbox
import RelayStore
import Testing

/// `code`, from acceptance to the journal.
@Suite struct ScriptStepsTests {
  private func document(_ steps: String, onFailure: String = "[]", retry: String? = nil) -> String {
    let retry = retry.map { #""retry":\#($0),"# } ?? ""
    return #"{"name":"sample","on":{"hook":"inbox"},\#(retry)"steps":\#(steps),"onFailure":\#(onFailure)}"#
  }

  private let once = #"[{"id":"sum","code":"return event.body.a + 1"}]"#

  @Test func `a script sees what it speaks of, and its value is the step's output`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once), event: #"{"a":1}"#)
    let started = try #require(bench.scripts.open.first)
    #expect(started.script.source == "return event.body.a + 1")
    #expect(started.script.timeout == .seconds(30))
    #expect(started.input.contains(#""body":{"a":1}"#))
    #expect(!started.input.contains(#""steps""#) && !started.input.contains(#""raw""#))
    bench.scripts.answer("2")
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.execution(key).totalAttempts == 1)
    #expect(try bench.story(key) == ["sum succeeded 2"])
    #expect(bench.store.permits.available == 256)
  }

  @Test func `later steps see the value of a script`() throws {
    let bench = try EngineBench()
    try bench.accept(
      document(
        #"[{"id":"sum","code":"return {n = 1}"},{"id":"send","http":{"url":"https://x.example/{{ steps.sum.n }}"}}]"#
      ))
    bench.scripts.answer(#"{"n":7}"#)
    bench.settle()
    #expect(bench.transport.open.map(\.request.url) == ["https://x.example/7"])
  }

  @Test func `a script is durable before the next step begins, and is not run again`() throws {
    let bench = try EngineBench()
    let steps = #"[{"id":"a","code":"return 1"},{"id":"b","code":"return steps.a"}]"#
    let key = try bench.accept(document(steps))
    bench.scripts.answer("1")
    bench.settle()
    #expect(bench.scripts.open.map(\.input) == [#"{"steps":{"a":1}}"#])
    try bench.crash()
    #expect(bench.scripts.started.map(\.script.source) == ["return 1", "return steps.a", "return steps.a"])
    #expect(bench.scripts.started[1].script == bench.scripts.started[2].script)
    bench.scripts.answer("0")
    bench.scripts.answer("1")
    bench.settle()
    #expect(try bench.story(key) == ["a succeeded 1", "b succeeded 1"])
  }

  @Test(arguments: [
    ScriptFailureCase("code_failed"), ScriptFailureCase("code_timeout"), ScriptFailureCase("code_memory"),
    ScriptFailureCase("code_output"), ScriptFailureCase("code_crashed"),
  ])
  func `a script that fails by itself fails the step at once`(sample: ScriptFailureCase) throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once))
    bench.scripts.fail(sample.code, "script:1: no")
    bench.settle()
    let record = try bench.execution(key)
    #expect(record.status == .failed)
    #expect(record.failure?.code == sample.code.rawValue)
    #expect(record.failure?.message == "script:1: no")
    #expect(bench.scripts.started.count == 1)
  }

  @Test func `a script whose process was lost is run again, with the same input and seed`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once), event: #"{"a":1}"#)
    bench.scripts.fail(.lost)
    bench.settle()
    #expect(try bench.execution(key).status == .waiting)
    bench.sleep()
    #expect(bench.scripts.started.count == 2)
    #expect(bench.scripts.started[0].script == bench.scripts.started[1].script)
    bench.scripts.answer("2")
    bench.settle()
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.execution(key).totalAttempts == 2)
  }

  @Test func `attempts bound how often a script is run`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once, retry: #"{"attempts":2}"#))
    for _ in 0..<2 {
      bench.scripts.fail(.unavailable)
      bench.settle()
      bench.sleep()
    }
    #expect(bench.scripts.started.count == 2)
    #expect(try bench.execution(key).failure?.code == "code_unavailable")
  }

  @Test func `a failure of a script is a value under continueOnError`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(#"[{"id":"a","continueOnError":true,"code":"return 1"}]"#))
    bench.scripts.fail(.failed, "no")
    bench.settle()
    #expect(
      try bench.story(key) == [#"a failed {"error":{"code":"code_failed","message":"no","status":null}}"#])
    #expect(try bench.execution(key).status == .succeeded)
  }

  @Test func `a cancelled execution ends its script`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once))
    _ = try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
    bench.settle()
    #expect(bench.scripts.started.map(\.isCancelled) == [true])
    #expect(try bench.execution(key).status == .cancelled)
  }

  @Test func `a drain puts a script down that does not end, and it is run again later`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(document(once))
    bench.put(.drain(patience: .zero))
    bench.settle()
    #expect(bench.core.isDrained)
    #expect(try bench.execution(key).status == .waiting)
    #expect(bench.scripts.started.map(\.isCancelled) == [true])
  }

  @Test func `many scripts at once stand in the sandbox's queue, and then on disk`() throws {
    let bench = try EngineBench(executions: 100)
    let version = try bench.register(document(once))
    for _ in 0..<40 { try bench.accept(version: version) }
    #expect(bench.scripts.open.count == 32)
    bench.pass(.milliseconds(200))
    #expect(bench.store.permits.available == 68)
    for _ in 0..<32 { bench.scripts.answer("1") }
    bench.settle()
    while bench.sleep() { while !bench.scripts.open.isEmpty { bench.scripts.answer("1") } }
    bench.settle()
    let counters = try bench.store.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    #expect(counters.executions[.succeeded] == 40)
  }

  @Test func `what the script sees is bounded`() throws {
    let bench = try EngineBench()
    let big = String(repeating: "x", count: 9 << 20)
    let key = try bench.accept(
      document(
        #"[{"id":"a","code":{"lua":"return 1","with":{"a":"{{ event.body }}","b":"{{ event.body }}"}}}]"#),
      event: "\"\(big)\"")
    #expect(try bench.execution(key).failure?.code == "bad_value")
    #expect(bench.scripts.started.isEmpty)
  }
}

struct ScriptFailureCase: Sendable, CustomTestStringConvertible {
  let code: ScriptFailure.Code
  var testDescription: String { code.rawValue }

  init(_ code: String) { self.code = ScriptFailure.Code(rawValue: code) ?? .lost }
}
